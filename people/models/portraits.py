"""Portraits: people tell, in text, sound or film, under the name they chose, as long as they consent.

A portrait is filed under topics and a region and under no Förderschwerpunkt: whoever tells of themselves is no case of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.contrib.routable_page.models import path
from wagtail.query import PageQuerySet

from content.body import BodyPage
from content.complete import Refusals
from content.consents import ConsentPanel
from content.covered import CoveredPage
from content.routed import RoutedPage
from content.serializers import CoverField
from core.declared.people.consent import ON_PAPER, standing
from core.declared.searchable import Area, ConceptValue, SearchContent
from core.models import BasePage
from core.visibility import in_private_collection, visible_document
from directory.models import Region
from directory.serializers import RegionField
from media.kinds import RECORDINGS, Kind, ending_of
from media.models import Document
from media.showing.files import Player, Track
from media.texts import Attachment
from people.portraits.forms import PortraitForm, names_in
from vocabularies.models import Topic

RESERVED_SLUGS = frozenset({"galerie"})
"""Addresses that the overview itself uses."""


FILES = ("cover", "recording", "captions")
"""Fields with a file."""


class PortraitTopic(ItemBase):
    """The link between a portrait and a topic."""

    tag = models.ForeignKey(Topic, related_name="portrait_links", on_delete=models.CASCADE)
    content_object = ParentalKey("people.PortraitPage", related_name="topic_links", on_delete=models.CASCADE)


class PortraitPage(RoutedPage, CoveredPage, BodyPage):
    """Somebody tells."""

    class Form(models.TextChoices):
        """In what a portrait is told, as its recording says."""

        TEXT = "text", _("Text")
        SOUND = "sound", _("Ton")
        FILM = "film", _("Film")

    search_type = "portrait"
    search_type_label = _("Porträt")
    search_area = Area("people", _("Gesichter"), place=25)
    type_icon = "type-portrait"
    people_word = _("mit")
    base_form_class = PortraitForm

    chosen_name = models.CharField(
        _("gewählter Name"),
        max_length=120,
        help_text=_("So wie die Person genannt werden möchte, z. B. „Jona (Name geändert)“; ebenso im Einverständnis."),
    )
    role = models.CharField(
        _("Wer das ist"), max_length=160, blank=True, help_text=_("z. B. „Tischlerin aus dem Erzgebirge“.")
    )
    others = models.TextField(
        _("Wer noch zu sehen oder zu hören ist"),
        blank=True,
        help_text=_("Gewählte Namen, einer je Zeile. Auch von ihnen braucht es ein Einverständnis."),
    )
    summary = models.TextField(
        _("Zusammenfassung"), max_length=400, help_text=_("Ein bis zwei Sätze. Steht in jeder Liste.")
    )
    quote = models.TextField(
        _("Der eine Satz"),
        max_length=300,
        blank=True,
        help_text=_("Ein Zitat, ohne Anführungszeichen. Steht in der Galerie und auf der Karte der Ausstellung."),
    )
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="portraits", verbose_name=_("Region")
    )
    topics = ClusterTaggableManager(
        through=PortraitTopic,
        blank=True,
        related_name="portraits",
        verbose_name=_("Themen"),
        help_text=_("Worum es geht, mit Komma getrennt. Nehmen Sie vorhandene, wo es geht."),
    )
    recording = models.ForeignKey(
        Document,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Ton oder Film"),
        help_text=_("Eine Tonaufnahme oder ein Film. Dazu gehören Untertitel oder eine Abschrift."),
    )
    captions = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Untertitel")
    )
    transcript = models.TextField(
        _("Abschrift"),
        blank=True,
        help_text=_("Was gesprochen wird und was man sonst hört oder sieht, Absatz für Absatz."),
    )
    form = models.CharField(
        _("Erzählt als"), max_length=10, choices=Form.choices, default=Form.TEXT, editable=False, db_index=True
    )

    parent_page_types = ["people.PortraitIndexPage"]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldRowPanel([FieldPanel("chosen_name"), FieldPanel("role")]),
                    FieldPanel("others"),
                    ConsentPanel(heading=_("Einverständnisse")),
                    FieldPanel("summary"),
                    FieldPanel("quote"),
                    MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], _("Bild")),
                    FieldPanel("body"),
                ],
                heading=_("Porträt"),
            ),
            ObjectList(
                [FieldPanel("recording"), FieldPanel("captions"), FieldPanel("transcript")], heading=_("Ton und Film")
            ),
            ObjectList([FieldPanel("topics"), FieldPanel("region")], heading=_("Einordnung")),
            ObjectList(BasePage.promote_panels, heading=_("Adresse")),
            ObjectList(BasePage.settings_panels, heading=_("Zeitplan")),
        ]
    )
    api_fields = [
        *(APIField(name) for name in ("chosen_name", "role", "summary", "quote", "form", "transcript", "body")),
        APIField("topics"),
        APIField("region", serializer=RegionField()),
        APIField("cover", serializer=CoverField()),
    ]
    template = "people/portrait_page.html"

    class Meta:
        verbose_name = _("Porträt")
        verbose_name_plural = _("Porträts")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the form is what the recording is."""
        self.form = _form_of(self.recording)
        super().save(*args, **kwargs)

    def named_people(self) -> list[str]:
        """Return the chosen names of everybody who is shown or heard."""
        return names_in(self.chosen_name, self.others)

    def wrong(self) -> Refusals:
        """Also refuse an address that the overview itself uses, and files that are no recording or no captions."""
        yield from super().wrong()
        if self.slug in RESERVED_SLUGS:
            yield "slug", _("Diese Adresse braucht die Galerie selbst. Bitte wählen Sie eine andere.")
        if self.recording_id and _kind(self.recording) not in RECORDINGS:
            yield "recording", _("Das ist weder eine Tonaufnahme noch ein Film.")
        if self.captions_id and _kind(self.captions) != Kind.CAPTIONS:
            yield "captions", _("Das sind keine Untertitel (VTT oder SRT).")

    def lacks(self) -> Refusals:
        """Also ask for the words of a recording."""
        yield from super().lacks()
        if self.recording_id and not self.captions_id and not self.transcript.strip():
            yield (
                "transcript",
                _("Eine Aufnahme braucht Untertitel oder eine Abschrift, für alle, die sie nicht hören."),
            )

    def attachments(self) -> list[Attachment]:
        """Return recording and captions before the files of the body."""
        own = (key for key in (self.recording_id, self.captions_id) if key)
        return [*(Attachment(key) for key in own), *super().attachments()]

    def body_texts(self) -> Iterable[str]:
        """Return quote, body and transcript."""
        return [text for text in (self.quote, *super().body_texts(), self.transcript) if text.strip()]

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Also read regions and topics of all pages in two queries."""
        super().read_together(pages)
        portraits = [page for page in pages if isinstance(page, PortraitPage)]
        models.prefetch_related_objects(portraits, "region")
        cls.read_topics(portraits)

    @staticmethod
    def read_topics(portraits: Sequence[PortraitPage]) -> None:
        """Read the topics of all portraits in one query."""
        links = PortraitTopic.objects.filter(content_object__in=[page.pk for page in portraits]).select_related("tag")
        found: dict[int, list[Topic]] = {page.pk: [] for page in portraits}
        for link in links:
            found[link.content_object_id].append(link.tag)
        for page in portraits:
            page._topic_list = _sorted(found[page.pk])

    routed_by: Any = None
    """The campaign page, if the portrait was found through it."""

    @property
    def cover_image_is_public(self) -> bool:
        """Whether there is a cover that anybody may see."""
        return self.cover is not None and self.cover.collection_id not in self.private_collections()

    def player(self) -> Player | None:
        """Return the player of the recording, if anybody may fetch it; its words are in the page's own transcript."""
        recording, captions = self.recording, self.captions
        private = self.private_collections() if recording else frozenset()
        if recording is None or not visible_document(recording, private):
            return None
        shown = [captions] if captions and visible_document(captions, private) else []
        tracks = tuple(Track(one.pk, self.locale.language_code, one.title) for one in shown)
        return Player(self.form == self.Form.FILM, recording.content_type, tracks)

    _topic_list: list[Topic] | None = None

    def topic_list(self) -> list[Topic]:
        """Return the topics by name; a list may have read them ahead."""
        return _sorted(self.topics.all()) if self._topic_list is None else self._topic_list

    def may_be_printed(self) -> bool:
        """Return whether everybody shown has agreed to hang on a wall."""
        return not standing(self.pk, self.named_people(), ON_PAPER).refusals

    @path("karte/", name="card")
    def card(self, request: HttpRequest) -> HttpResponse:
        """Show the card for the exhibition, on one sheet of A4; 404 without consent to print or exhibition."""
        if not self.may_be_printed():
            raise Http404("nobody agreed to print it")
        response: HttpResponse = self.render(request, template="people/card.html")
        return response

    def search_content(self) -> SearchContent:
        """Return the portrait as the search indexes it, with its region."""
        topics = tuple(ConceptValue(topic.slug, (topic.name,)) for topic in self.topic_list())
        facts = (self.role, self.region.name if self.region else "", "" if self.form == self.Form.TEXT else self.told)
        return SearchContent(
            title=self.title,
            summary=self.summary,
            people=(self.chosen_name,),
            # Facts are shown, not searched.
            keywords=" ".join(facts[:2]),
            concepts={"topic": topics},
            date=self.first_published_at,
            expires_at=self.expire_at,
            cover=self.cover_image(),
            files_count=len(self.attachments()),
            passages=self.passages(),
            facts=tuple(fact for fact in facts if fact),
        )

    @property
    def told(self) -> str:
        """The form, in a word."""
        return str(self.get_form_display())


def with_files(portraits: PageQuerySet) -> Iterator[PortraitPage]:
    """Return portraits with region, picture and recording in one query, and which of these files are private."""
    portraits = portraits.select_related(*FILES, "region", "locale")
    private = {f"{name}_is_private": in_private_collection(f"{name}__collection") for name in FILES}
    for portrait in portraits.annotate(**private):
        files = [(getattr(portrait, name), getattr(portrait, f"{name}_is_private")) for name in FILES]
        portrait.known_private = frozenset(file.collection_id for file, is_private in files if file and is_private)
        yield portrait


def _kind(document: Document | None) -> Kind | None:
    ending = ending_of(document.filename) if document else None
    return ending.kind if ending else None


def _form_of(recording: Document | None) -> PortraitPage.Form:
    kinds = {Kind.SOUND: PortraitPage.Form.SOUND, Kind.FILM: PortraitPage.Form.FILM}
    kind = _kind(recording)
    return kinds.get(kind, PortraitPage.Form.TEXT) if kind else PortraitPage.Form.TEXT


def _sorted(topics: Iterable[Topic]) -> list[Topic]:
    return sorted(topics, key=lambda topic: topic.slug)
