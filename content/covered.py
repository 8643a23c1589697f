"""Pages with a title picture that must be described, or marked as decoration, before anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from content.complete import CompletePage, Refusals
from content.files import FilesPage
from core.declared.searchable import CoverImage
from core.models import BasePage
from media.covers import cover_image, read_covers

DESCRIPTION_MISSING = _(
    "Bitte beschreiben Sie das Titelbild für Menschen, die es nicht sehen, oder kreuzen Sie „Nur Schmuck, ohne Aussage“ an."
)


class CoveredPage(CompletePage, FilesPage):
    """A page with a cover."""

    cover = models.ForeignKey(
        "media.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Titelbild")
    )
    cover_alt = models.CharField(
        _("Alternativtext des Titelbilds"),
        max_length=255,
        blank=True,
        help_text=_("Was auf dem Bild zu sehen ist. Pflicht, sobald ein Titelbild gewählt ist, das etwas aussagt."),
    )
    cover_decorative = models.BooleanField(
        _("Nur Schmuck, ohne Aussage"),
        default=False,
        help_text=_("Vorlesesoftware übergeht das Titelbild dann; der Alternativtext bleibt leer."),
    )

    class Meta:
        abstract = True

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read the covers of all pages with a fixed number of queries."""
        super().read_together(pages)
        read_covers(page for page in pages if isinstance(page, CoveredPage))

    def lacks(self) -> Refusals:
        """Add what the cover lacks."""
        yield from super().lacks()
        if self.cover_id and not self.cover_alt.strip() and not self.cover_decorative:
            yield "cover_alt", DESCRIPTION_MISSING

    def cover_image(self) -> CoverImage | None:
        """Return the cover's renditions; None for a cover that readers may not see."""
        alt = "" if self.cover_decorative else self.cover_alt
        return cover_image(self.cover, alt, self.private_collections()) if self.cover else None


def cover_panel() -> MultiFieldPanel:
    """Return the editors' fields of a cover."""
    return MultiFieldPanel(
        [FieldPanel("cover"), FieldPanel("cover_alt"), FieldPanel("cover_decorative")], _("Titelbild")
    )
