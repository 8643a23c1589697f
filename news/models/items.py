"""News items: each with a date, a language and an age that is computed afresh every day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, TabbedInterface
from wagtail.api import APIField

from content.body import BodyPage
from content.complete import Refusals
from content.covered import CoveredPage, cover_panel
from content.serializers import ConceptListField, CoverField
from core.declared.searchable import Area, ConceptValue, SearchContent
from core.models import BasePage
from core.output.languages import language_of
from news.models.tags import RESERVED_SLUGS, NewsPageTag, NewsTag
from vocabularies.fields import concept_field
from vocabularies.models import Concept


def german() -> int | None:
    """Return the id of an item's default language."""
    concepts = Concept.objects.filter(vocabulary__slug="language", slug="deutsch")
    number: int | None = concepts.values_list("pk", flat=True).first()
    return number


class NewsPage(CoveredPage, BodyPage):
    """One item."""

    search_type = "news"
    search_type_label = _("Neuigkeit")
    search_area = Area("news", _("Neuigkeiten"), place=40)
    type_icon = "type-news"

    date = models.DateField(
        _("Datum"), default=timezone.localdate, db_index=True, help_text=_("Steht an der Meldung und ordnet die Liste.")
    )
    summary = models.TextField(
        _("Zusammenfassung"),
        max_length=400,
        help_text=_("Ein bis zwei Sätze, die ohne den Rest verständlich sind. Steht in jeder Liste."),
    )
    language = concept_field(
        "language",
        _("Sprache der Meldung"),
        related_name="news",
        default=german,
        help_text=_("In welcher Sprache Titel, Zusammenfassung und Text sind. Vorleseprogramme richten sich danach."),
    )
    tags = ClusterTaggableManager(
        through=NewsPageTag,
        blank=True,
        related_name="news",
        verbose_name=_("Schlagwörter"),
        help_text=_("Mit Komma getrennt. Nehmen Sie vorhandene, wo es geht."),
    )
    timeless = models.BooleanField(
        _("altert nicht"),
        default=False,
        help_text=_("Ohne den Hinweis „älter als … Monate“, wenn die Meldung weiter gilt."),
    )

    parent_page_types = ["news.NewsIndexPage"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldPanel("summary"),
                    cover_panel(),
                    FieldPanel("body"),
                ],
                heading=_("Inhalt"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("date"), FieldPanel("timeless")]),
                    FieldPanel("tags"),
                    FieldPanel("language"),
                ],
                heading=_("Einordnung"),
            ),
            ObjectList(BasePage.promote_panels, heading=_("Adresse")),
            ObjectList(BasePage.settings_panels, heading=_("Zeitplan")),
        ]
    )
    api_fields = [
        APIField("date"),
        APIField("summary"),
        APIField("body"),
        APIField("tags"),
        APIField("language", serializer=ConceptListField(single=True)),
        APIField("cover", serializer=CoverField()),
        APIField("timeless"),
    ]
    template = "news/news_page.html"

    class Meta:
        verbose_name = _("Neuigkeit")
        verbose_name_plural = _("Neuigkeiten")

    def wrong(self) -> Refusals:
        """Also refuse an address that the index itself uses."""
        yield from super().wrong()
        if self.slug in RESERVED_SLUGS:
            yield "slug", _("Diese Adresse braucht die Übersicht selbst. Bitte wählen Sie eine andere.")

    def lacks(self) -> Refusals:
        """Also refuse a date after the day on which the item appears."""
        yield from super().lacks()
        today = timezone.localdate()
        if self.date and self.date > max(today, timezone.localdate(self.go_live_at) if self.go_live_at else today):
            yield (
                "date",
                _("Das Datum liegt in der Zukunft. Soll die Meldung erst dann erscheinen, planen Sie es im Zeitplan."),
            )

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the item; caches must revalidate, because its age changes from one day to the next."""
        return asked_again(super().serve(request, *args, **kwargs))

    def is_older_than(self, months: int, today: datetime.date) -> bool:
        """Return whether the item's date is at least `months` calendar months before `today`, unless it is timeless."""
        return not self.timeless and ages_on(self.date, months) <= today

    _tag_list: list[NewsTag] | None = None

    def tag_list(self) -> list[NewsTag]:
        """Return the tags in alphabetical order; a list may have prefetched them."""
        if self._tag_list is None:
            if self.pk is not None:
                models.prefetch_related_objects([self], "tag_links__tag")
            return _sorted(link.tag for link in self.tag_links.all())
        return self._tag_list

    @staticmethod
    def read_tags(items: Sequence[NewsPage]) -> None:
        """Read the tags of all items in one query."""
        by_item: dict[int, list[NewsTag]] = {item.pk: [] for item in items}
        for link in NewsPageTag.objects.filter(content_object__in=by_item).select_related("tag"):
            by_item[link.content_object_id].append(link.tag)
        for item in items:
            item._tag_list = _sorted(by_item[item.pk])

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Also read tags and languages of all items in a fixed number of queries."""
        super().read_together(pages)
        items = [page for page in pages if isinstance(page, NewsPage)]
        cls.read_tags(items)
        models.prefetch_related_objects(items, "language__labels", "language__broader__broader")

    def search_content(self) -> SearchContent:
        """Return the item as the search indexes it, including its tags."""
        midnight = datetime.datetime.combine(self.date, datetime.time.min, timezone.get_current_timezone())
        concepts: dict[str, tuple[ConceptValue, ...]] = {}
        if self.language:
            concepts["language"] = (self.language.value(language_of(self)),)
        return SearchContent(
            title=self.title,
            summary=self.summary,
            keywords=", ".join(tag.name for tag in self.tag_list()),
            concepts=concepts,
            year=self.date.year,
            date=midnight,
            expires_at=self.expire_at,
            cover=self.cover_image(),
            passages=self.passages(),
            facts=(formats.date_format(self.date, "DATE_FORMAT"),),
        )


def _sorted(tags: Iterable[NewsTag]) -> list[NewsTag]:
    return sorted(tags, key=lambda tag: tag.name.casefold())


def ages_on(date: datetime.date, months: int) -> datetime.date:
    """Return the day on which `date` is `months` ago: the same day of the month, or that month's last."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    for day in range(date.day, date.day - 4, -1):
        try:
            return datetime.date(year, month + 1, day)
        except ValueError:
            continue
    raise ValueError(f"no day {months} months after {date}")


def asked_again(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_cache=True)
    return response
