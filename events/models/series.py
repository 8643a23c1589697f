"""A series of events and its dates.

A date is a row of its series with its own identity (`uid`), by which calendars recognise it through every change.
Everything shown about a date follows from its row and the clock.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.contrib.routable_page.models import path as route
from wagtail.search import index

from content.blocks.body import downloads
from content.body import BodyPage
from content.complete import CompletePage, Refusals
from content.routed import RoutedPage
from core.declared.searchable import Area, SearchContent
from core.mentions import Mention, in_stream, stream_texts
from core.models import BasePage
from core.output.languages import in_this_language
from core.visibility import public_pages
from events import calendars
from events.forms import EventSeriesForm
from events.listing import Series
from events.models.dates import SAME_START, EventDate, Format
from events.models.inviting import PAGES, InvitingPage
from events.schedule import Schedule
from events.serializers import DatesField, OrganisersField, TermsField
from media.texts import Attachment


class Cadence(models.TextChoices):
    """How often a series takes place."""

    MONTHLY = "monthly", _("monatlich")
    QUARTERLY = "quarterly", _("vierteljährlich")
    HALF_YEARLY = "half-yearly", _("halbjährlich")
    YEARLY = "yearly", _("jährlich")
    IRREGULAR = "irregular", _("unregelmäßig")
    ONCE = "once", _("einmalig")


class EventSeriesPage(RoutedPage, InvitingPage, CompletePage, BodyPage):
    """Something that takes place repeatedly, or once: its dates are rows."""

    search_type = "event"
    search_type_label = _("Veranstaltung")
    search_area = Area("events", _("Termine"), place=30)
    type_icon = "type-event"
    base_form_class = EventSeriesForm

    summary = models.TextField(
        _("Zusammenfassung"), max_length=400, help_text=_("Ein, zwei Sätze: Worum geht es, wer ist eingeladen?")
    )
    theme = models.CharField(
        _("Schwerpunkt"),
        max_length=200,
        blank=True,
        help_text=_("Worum es in der ganzen Reihe geht. Das Thema eines einzelnen Termins steht beim Termin."),
    )
    cadence = models.CharField(
        _("Rhythmus"), max_length=12, choices=Cadence.choices, default=Cadence.HALF_YEARLY,
        help_text=_("Danach werden Termine vorgeschlagen."),
    )  # fmt: skip
    format = models.CharField(_("Format"), max_length=10, choices=Format.choices, default=Format.ONSITE)
    ended = models.BooleanField(
        _("Die Reihe ist beendet"), default=False, help_text=_("Dann wird kein nächstes Datum mehr angekündigt.")
    )
    contact_role = models.CharField(
        _("Ansprechstelle"), max_length=160, blank=True, help_text=_("Eine Rolle, kein Name: „Moderation KoopV 4“.")
    )
    contact_email = models.EmailField(_("E-Mail"), blank=True, help_text=_("Ein Postfach der Rolle."))

    parent_page_types = ["events.EventIndexPage"]

    # For the admin's search only; readers use the search app.
    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.SearchField("theme")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [*BasePage.content_panels, FieldPanel("summary"), FieldPanel("theme"), FieldPanel("body")],
                heading=_("Inhalt"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("format"), FieldPanel("cadence")]),
                    InlinePanel("dates", label=_("Termin"), heading=_("Termine"), help_text=_(
                        "Noch kein Datum? Keine Zeile anlegen, dann steht auf der Seite „Datum steht aus“. Fällt ein Termin "
                        "aus, nicht löschen, sondern auf „abgesagt“ stellen: So erfahren es auch abonnierte Kalender."
                    )),
                    FieldPanel("ended"),
                ],
                heading=_("Termine"),
            ),
            ObjectList(
                [
                    MultiFieldPanel([FieldPanel("contact_role"), FieldPanel("contact_email")], _("Kontakt")),
                    *InvitingPage.inviting_panels,
                ],
                heading=_("Einordnung"),
            ),
            ObjectList(BasePage.promote_panels, heading=_("Adresse")),
            ObjectList(BasePage.settings_panels, heading=_("Zeitplan")),
        ]
    )  # fmt: skip
    api_fields = [
        *(APIField(name) for name in ("summary", "theme", "body", "cadence", "format", "ended")),
        APIField("organisers", serializer=OrganisersField()),
        APIField("hosts", serializer=OrganisersField()),
        APIField("focus", serializer=TermsField()),
        APIField("audience", serializer=TermsField()),
        APIField("contact_role"),
        APIField("contact_email"),
        APIField("dates", serializer=DatesField()),
    ]
    template = "events/event_series_page.html"

    class Meta:
        verbose_name = _("Veranstaltungsreihe")
        verbose_name_plural = _("Veranstaltungsreihen")

    def rows_lack(self) -> Refusals:
        """Also yield what the dates lack, and which begin at the same time."""
        yield from super().rows_lack()
        starts: set[datetime.datetime] = set()
        for date in self.dates.all():
            for messages in date.lacks(self.format).values():
                yield NON_FIELD_ERRORS, messages
            if date.start in starts:
                yield NON_FIELD_ERRORS, SAME_START
            starts.add(date.start)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the page; dates keep their identity and note whether they have changed."""
        self._carry_over(timezone.now())
        return super().save(*args, **kwargs)

    def _carry_over(self, now: datetime.datetime) -> None:
        """Match the rows with the stored ones.

        A row added in a draft has no key there, so every publication would create it again; the uid identifies it.
        A uid that belongs to another page's row comes from copying that page.
        """
        rows = list(self.dates.all())
        stored = list(EventDate.objects.filter(page_id=self.pk)) if self.pk else []
        by_uid, by_key = {row.uid: row for row in stored}, {row.pk: row for row in stored}
        elsewhere = set(
            EventDate.objects.filter(uid__in=[row.uid for row in rows]).exclude(page_id=self.pk).values_list("uid", flat=True)
        )  # fmt: skip
        taken: set[uuid.UUID] = set()
        for row in rows:
            before = by_uid.get(row.uid) or by_key.get(row.pk)
            if before is not None and before.uid not in taken:
                row.follow(before, now)
            else:
                row.begin(now, new_identity=not row.uid or row.uid in elsewhere or row.uid in taken)
            taken.add(row.uid)

    # What takes place ----------------------------------------------------------------------------

    @property
    def goes_on(self) -> bool:
        """Whether to expect a further date after the last."""
        return not self.ended and self.cadence != Cadence.ONCE

    def schedule(self, now: datetime.datetime, dates: Iterable[EventDate] | None = None) -> Schedule:
        """Return the dates as of `now`; pass the rows if they are already loaded."""
        rows = self.dates.all() if dates is None else dates
        return Schedule.seen_at(now, rows, goes_on=self.goes_on)

    @classmethod
    def public(cls, now: datetime.datetime, *, everywhere: bool = False) -> list[EventSeriesPage]:
        """Return the series that are public at `now`, with dates and choices, in a fixed number of queries.

        Those in the language of this request, or `everywhere` in all languages.
        """
        pages = public_pages(cls.objects.filter(alias_of__isnull=True).select_related("locale"), now)
        if not everywhere:
            pages = in_this_language(pages)
        series = list(pages.annotate(organised=cls.is_organised()).order_by("title", "pk"))
        models.prefetch_related_objects(series, "dates")
        cls.read_choices(series)
        return series

    # Addresses -----------------------------------------------------------------------------------

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Pass the templates the series as of now, as lists show it."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        if not getattr(request, "is_preview", False):
            self.read_choices([self])
        context["series"] = Series.of(self, timezone.now(), request)
        return context

    @route("ical/", name="calendar")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        """Answer with all dates of the series as iCalendar."""
        return calendars.response(self.title, Series.of(self, timezone.now(), request).entries, self.slug)

    @route("<slug:key>/", name="date")
    def date_page(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show one date; its former address redirects to it."""
        context = self.get_context(request)
        entries = context["series"].entries
        entry = next((entry for entry in entries if entry.date.key == key), None)
        if entry is None:
            moved = next((entry for entry in entries if entry.date.former_key == key), None)
            if moved is None:
                raise Http404("no such date")
            return redirect(moved.url)
        return TemplateResponse(request, "events/event_date.html", {**context, "entry": entry})

    @route("<slug:key>/ical/", name="date_calendar")
    def date_calendar(self, request: HttpRequest, key: str) -> HttpResponse:
        """Answer with one date as iCalendar."""
        entries = [entry for entry in Series.of(self, timezone.now(), request).entries if entry.date.key == key]
        if not entries:
            raise Http404("no such date")
        return calendars.response(self.title, entries, f"{self.slug}-{key}")

    # Search --------------------------------------------------------------------------------------

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Also read the dates of all pages in one query; first, because files are among them."""
        models.prefetch_related_objects(pages, "dates")
        super().read_together(pages)

    def mentions(self) -> Iterator[Mention]:
        """Also yield what the retrospectives mention."""
        yield from super().mentions()
        for date in self.dates.all():
            yield from in_stream(date.retrospective)

    def attachments(self) -> list[Attachment]:
        """Return the files within body and retrospectives."""
        streams = [self.body, *(date.retrospective for date in self.dates.all())]
        return [Attachment(*download) for stream in streams for download in downloads(stream)]

    def body_texts(self) -> Iterable[str]:
        """Return theme, themes and places of the dates, body and retrospectives."""
        dates = sorted(self.dates.all(), key=lambda date: date.start)
        themes = [self.theme, *(date.theme for date in dates)]
        places = dict.fromkeys(date.place for date in dates if date.place)
        organisers = [page.title for name in PAGES for page in self.chosen(name)]
        lines = [*dict.fromkeys(themes), *places, *organisers, *(date.note for date in dates)]
        retrospectives = [text for date in dates for text in stream_texts(date.retrospective, self.seen())]
        return [*(text for text in lines if text.strip()), *stream_texts(self.body, self.seen()), *retrospectives]

    def search_content(self) -> SearchContent:
        """Return the series with all its dates; the time of the search selects among them."""
        rows = list(self.dates.all())
        announced = [row.announced_at for row in rows if row.announced_at]
        return SearchContent(
            title=self.title,
            summary=self.summary,
            concepts=self.concept_values(),
            # The newest entry is the series whose date was announced last.
            date=max([*announced, *([self.first_published_at] if self.first_published_at else [])], default=None),
            expires_at=self.expire_at,
            passages=self.passages(),
            facts=self.facts(),
            occurrences=tuple(row.occurrence() for row in rows),
        )

    def facts(self) -> tuple[str, ...]:
        """Return format, rhythm and organisers, as short lines."""
        return (str(self.get_format_display()), str(self.get_cadence_display()), *self.inviting())
