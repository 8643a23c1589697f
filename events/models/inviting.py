"""Who invites to a series, whom, and what it is about, for one page or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Page

from core.declared.searchable import ConceptValue
from core.fields import PagesField
from core.models import BasePage
from core.output.languages import language_of
from core.visibility import public_pages
from directory.models import NetworkPage, PartnerRow, public_partners_in, public_partners_of
from vocabularies.fields import concepts_field

PAGES = ("organisers", "hosts")
"""The relations to pages, of which only public ones are named."""

CHOSEN = ("focus", "audience", *PAGES)
"""The many-to-many relations of a series."""


class InvitingPage(BasePage):
    """A page about something that networks and partners invite to."""

    organisers = PagesField(
        "directory.NetworkPage",
        blank=True,
        related_name="event_series",
        verbose_name=_("Veranstaltet von"),
        help_text=_("Kooperationsverbünde. Weder Verbund noch Partner gewählt heißt: das gesamte Netzwerk."),
    )
    focus = concepts_field(
        "focus", _("Förderschwerpunkte"), _("Nur ankreuzen, worum es wirklich geht."), related_name="focus_series"
    )
    audience = concepts_field("audience", _("Zielgruppen"), _("Wer eingeladen ist."), related_name="audience_series")

    inviting_panels: ClassVar[list[Any]] = [
        FieldPanel("focus", widget=forms.CheckboxSelectMultiple),
        FieldPanel("audience", widget=forms.CheckboxSelectMultiple),
        FieldPanel("organisers", widget=forms.CheckboxSelectMultiple),
        InlinePanel(
            "hosts",
            label=_("Partner"),
            heading=_("Partner als Gastgeber"),
            help_text=_("Zum Beispiel bei Runden Tischen und gemeinsamen Aktionen."),
        ),
    ]

    class Meta:
        abstract = True

    _chosen: Mapping[str, tuple[Any, ...]] | None = None
    organised: bool | None = None
    """Whether any network or partner is chosen, public or not; None when it has not been prefetched."""

    @classmethod
    def is_organised(cls) -> Any:
        """Return the query expression for whether a page has any organiser or host."""
        field: Any = cls._meta.get_field("organisers")
        links = field.remote_field.through._default_manager.filter(**{field.m2m_field_name(): models.OuterRef("pk")})
        return models.Exists(links) | models.Exists(EventHost._default_manager.filter(page=models.OuterRef("pk")))

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Also read organisers and concepts of all pages in a fixed number of queries."""
        super().read_together(pages)
        inviting = [page for page in pages if isinstance(page, InvitingPage)]
        cls.read_choices(inviting)
        concepts = [concept for page in inviting for name in ("focus", "audience") for concept in page.chosen(name)]
        models.prefetch_related_objects(concepts, "labels", "broader__broader")
        stored = cls._default_manager.filter(pk__in=[page.pk for page in inviting])
        organised = dict(stored.values_list("pk", cls.is_organised()))
        for page in inviting:
            page.organised = organised.get(page.pk)

    @classmethod
    def read_choices(cls, pages: Sequence[InvitingPage]) -> None:
        """Read organisers, hosts and concepts of all pages in a fixed number of queries."""
        chosen = {name: _chosen_of(cls, name, pages) for name in CHOSEN}
        for page in pages:
            page._chosen = {name: chosen[name].get(page.pk, ()) for name in CHOSEN}

    def chosen(self, name: str) -> tuple[Any, ...]:
        """Return the concepts of `focus` or `audience`, or the public `organisers` or `hosts`."""
        if self._chosen is not None:
            return self._chosen[name]
        # Not from the database: the preview of a draft shows what the draft chooses.
        if name == "hosts":
            return public_partners_in(self.hosts.all())
        related = list(getattr(self, name).all())
        if name != "organisers":
            return tuple(sorted(related, key=lambda concept: (concept.order, concept.label)))
        ids = [page.pk for page in related]
        public = set(public_pages(Page.objects.filter(pk__in=ids)).values_list("pk", flat=True)) if ids else set()
        return tuple(sorted((one for one in related if one.pk in public), key=lambda network: network.number))

    @property
    def focus_of(self) -> tuple[Any, ...]:
        """The Förderschwerpunkte, for templates."""
        return self.chosen("focus")

    @property
    def audience_of(self) -> tuple[Any, ...]:
        """The audiences, for templates."""
        return self.chosen("audience")

    @property
    def organisers_of(self) -> tuple[Any, ...]:
        """The public networks, for templates."""
        return self.chosen("organisers")

    @property
    def hosts_of(self) -> tuple[Any, ...]:
        """The public partners, for templates."""
        return self.chosen("hosts")

    def concept_values(self) -> dict[str, tuple[ConceptValue, ...]]:
        """Return the chosen values by facet name, as in the search document."""
        language = language_of(self)
        return {
            "focus": tuple(concept.value(language) for concept in self.chosen("focus")),
            "audience": tuple(concept.value(language) for concept in self.chosen("audience")),
            "koopv": tuple(ConceptValue(network.slug, (network.title,)) for network in self.chosen("organisers")),
        }

    def inviting(self) -> tuple[str, ...]:
        """Return the names of public networks and partners, or the whole network when nobody is chosen."""
        if names := tuple(page.title for name in PAGES for page in self.chosen(name)):
            return names
        return (_t("gesamtes Netzwerk"),) if self.invites_all else ()

    @property
    def invites_all(self) -> bool:
        """Whether nobody is chosen, public or not: then the whole network invites."""
        if self.organised is not None:
            return not self.organised
        return not any(getattr(self, name).exists() for name in PAGES)


class EventHost(PartnerRow):
    """A partner that hosts a series."""

    page = ParentalKey("events.EventSeriesPage", related_name="hosts", on_delete=models.CASCADE)


def _chosen_of(model: type[InvitingPage], name: str, pages: Sequence[InvitingPage]) -> dict[int, tuple[Any, ...]]:
    """Return what each page has chosen in the relation `name`, in order, in one query.

    Organisers and hosts are limited to public ones.
    """
    if name == "hosts":
        return dict(public_partners_of(EventHost, pages))
    field: Any = model._meta.get_field(name)
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    links = field.remote_field.through._default_manager.filter(**{f"{own}__in": [page.pk for page in pages]})
    if name == "organisers":
        links = links.filter(**{f"{other}__in": public_pages(NetworkPage.objects.all())})
        links = links.select_related(f"{other}__locale").order_by(f"{other}__number")
    else:
        links = links.select_related(other).order_by(f"{other}__order", f"{other}__label")
    chosen: dict[int, tuple[Any, ...]] = {}
    for link in links:
        page = getattr(link, f"{own}_id")
        chosen[page] = (*chosen.get(page, ()), getattr(link, other))
    return chosen
