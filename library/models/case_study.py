"""Case studies, the people in them and what they used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    PageChooserPanel,
)
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.rich_text import get_text_for_indexing

from content.consents import ConsentPanel
from core.declared.reference import Reference
from core.fields import PageListField
from core.mentions import stream_texts
from core.models import BasePage
from directory.models import PartnerPage, PartnerRow, public_partners_in, public_partners_of
from library.forms import CaseStudyPageForm
from library.models.entry import LibraryPage, tabs
from library.serializers import RowsField


class CaseStudyPage(LibraryPage):
    """A case from practice or the portrait of a person: question, approach, result."""

    search_type = "case-study"
    read_ahead = ("people", "quotes")
    search_type_label = _("Fallbeispiel")
    type_icon = "type-case-study"
    people_word = _("mit")
    base_form_class = CaseStudyPageForm

    class Form(models.TextChoices):
        """The two forms of a case study."""

        CASE = "case", _("Fallbeispiel")
        PORTRAIT = "portrait", _("Porträt")

    form = models.CharField(_("Form"), max_length=10, choices=Form.choices, default=Form.CASE)
    setting = models.CharField(_("Rahmen"), max_length=255, blank=True, help_text=_("Schulart, Klassenstufe, Umfeld."))
    question = models.CharField(
        _("Was machen?"), max_length=300, blank=True, help_text=_("Die Frage, um die es geht, in einem Satz.")
    )
    approach = RichTextField(_("Vorgehen"), blank=True)
    result = RichTextField(_("Ergebnis"), blank=True)
    helped = RichTextField(_("Was hat geholfen?"), blank=True)

    edit_handler = tabs(
        (
            _("Fall"),
            [
                FieldPanel("form"),
                FieldPanel("setting"),
                FieldPanel("question"),
                FieldPanel("approach"),
                FieldPanel("result"),
                FieldPanel("helped"),
                InlinePanel(
                    "partners",
                    label=_("Partner"),
                    heading=_("Beteiligte Partner"),
                    help_text=_("Mit einem Partner steht das Fallbeispiel auch unter „Gute Praxis“."),
                ),
                InlinePanel("people", label=_("Person"), heading=_("Personen")),
                ConsentPanel(heading=_("Einverständnisse")),
                InlinePanel("quotes", label=_("Zitat"), heading=_("Zitate")),
                InlinePanel("pictures", label=_("Bild"), heading=_("Bilder")),
                InlinePanel("used_materials", label=_("Material"), heading=_("Verwendete Materialien")),
            ],
        ),
    )
    api_fields = [
        *LibraryPage.api_fields,
        *(APIField(name) for name in ("form", "setting", "question", "approach", "result", "helped")),
        APIField("quotes", serializer=RowsField("text", "speaker")),
        APIField("partners", serializer=PageListField(source="public_partners")),
    ]
    template = "library/case_study_page.html"

    class Meta:
        verbose_name = _("Fallbeispiel")
        verbose_name_plural = _("Fallbeispiele")

    @property
    def type_label(self) -> str:
        """Return which of the two forms it has."""
        label: str = self.get_form_display()
        return label

    _public_partners: Sequence[PartnerPage] | None = None

    def public_partners(self) -> Sequence[PartnerPage]:
        """Return the partners that took part and visitors may see."""
        if self._public_partners is None:
            self._public_partners = public_partners_in(self.partners.all())
        return self._public_partners

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Also read the partners of all pages with one more query."""
        super().read_together(pages)
        cases = [page for page in pages if isinstance(page, CaseStudyPage)]
        partners = public_partners_of(CasePartner, cases)
        for page in cases:
            page._public_partners = partners.get(page.pk, ())

    def named_people(self) -> list[str]:
        """Return the chosen names of the people shown."""
        return self.creators()

    def chosen_ids(self) -> list[int]:
        """Return the ids of the materials that were used."""
        return [used.material_id for used in self.used_materials.all() if used.material_id]

    def creators(self) -> list[str]:
        """Return the chosen names of the people shown."""
        return [person.chosen_name for person in self.people.all()]

    def reference(self) -> Reference:
        """Return no author: the people shown have not written it."""
        return replace(super().reference(), author=())

    def body_texts(self) -> Iterable[str]:
        """Return setting, question, approach, result, what helped, quotes, partners and body."""
        rich = [get_text_for_indexing(text) if text else "" for text in (self.approach, self.result, self.helped)]
        quotes = [quote.text for quote in self.quotes.all()]
        partners = sorted(partner.title for partner in self.public_partners())
        texts = [self.setting, self.question, *rich, *quotes, *partners]
        return [*(text for text in texts if text.strip()), *stream_texts(self.body, self.seen())]


class CaseStudyPerson(Orderable):
    """A person under the name they chose. Their consent is no part of the page: no former version brings it back."""

    page = ParentalKey(CaseStudyPage, related_name="people", on_delete=models.CASCADE)
    chosen_name = models.CharField(
        _("gewählter Name"),
        max_length=120,
        help_text=_("So wie die Person genannt werden möchte, z. B. „Jona (Name geändert)“; ebenso im Einverständnis."),
    )
    role = models.CharField(_("Rolle"), max_length=120, blank=True)

    panels = [
        FieldRowPanel([FieldPanel("chosen_name"), FieldPanel("role")]),
    ]


class CaseStudyQuote(Orderable):
    """What somebody said, word for word."""

    page = ParentalKey(CaseStudyPage, related_name="quotes", on_delete=models.CASCADE)
    text = models.TextField(_("Zitat"))
    speaker = models.CharField(_("Wer das sagt"), max_length=160, blank=True)

    panels = [FieldPanel("text"), FieldPanel("speaker")]


class CaseStudyPicture(Orderable):
    """A picture of the case with its own alternative text."""

    page = ParentalKey(CaseStudyPage, related_name="pictures", on_delete=models.CASCADE)
    image = models.ForeignKey("media.Image", on_delete=models.CASCADE, related_name="+", verbose_name=_("Bild"))
    alt = models.CharField(_("Alternativtext"), max_length=255)
    caption = models.CharField(_("Bildunterschrift"), max_length=255, blank=True)

    panels = [FieldPanel("image"), FieldPanel("alt"), FieldPanel("caption")]


class UsedMaterial(Orderable):
    """A material that was used in a case."""

    page = ParentalKey(CaseStudyPage, related_name="used_materials", on_delete=models.CASCADE)
    material = models.ForeignKey(
        LibraryPage, on_delete=models.CASCADE, related_name="used_in", verbose_name=_("Material")
    )

    panels = [PageChooserPanel("material", ["library.MaterialPage", "library.BookPage"])]


class CasePartner(PartnerRow):
    """A partner that took part in a case."""

    page = ParentalKey(CaseStudyPage, related_name="partners", on_delete=models.CASCADE)
