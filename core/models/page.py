"""The base of every page type: hierarchy, dates and the declaration that the search reads.

A page type says `search_type` (its slug in addresses and API) or, with `search_type = None`, that it
is left out on purpose; a system check refuses a type that says neither.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise, classproperty
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import COMMENTS_RELATION_NAME, Page, get_page_models

from core.declared.searchable import Area, SearchContent
from core.editing.page_forms import PageForm

DRAFT_FIELDS = frozenset(
    {COMMENTS_RELATION_NAME, "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"}
)
"""What Wagtail writes to a page's row when only its draft changes."""


class BasePage(Page):
    """Abstract parent of all page types of the site."""

    base_form_class = PageForm
    search_type: ClassVar[str | None]
    search_type_label: ClassVar[str | Promise] = ""
    search_area: ClassVar[Area | None] = None
    search_facet: ClassVar[str] = ""
    """Name of a facet whose values are the pages of this type, by their slugs: others are filed under them."""

    type_icon: ClassVar[str] = "file"
    """Name of the symbol of `static/icons.svg` that stands before the type's label."""

    people_word: ClassVar[str | Promise] = _("von")
    """What a card says before the people of an entry."""

    cited_as_book: ClassVar[bool] = False
    """Whether records for reference managers say that it is a book."""

    top_level: ClassVar[bool] = False
    """Whether pages of this type live directly below an entrance of the site, and nowhere else."""

    is_entrance: ClassVar[bool] = False
    """Whether what is top level lives below pages of this type."""

    cover_from_file: ClassVar[bool] = False
    """Whether the first page of an attached PDF may become the cover: the type has a cover and `attachments()`."""

    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("show_in_menus"),
            ],
            _("Adresse und Anzeige"),
        ),
    ]
    settings_panels = [PublishingPanel(), CommentPanel()]

    class Meta:
        abstract = True

    @classproperty
    def parent_page_types(cls) -> Any:
        """Return the entrances for what is top level, None (below any page) for a type that does not say otherwise."""
        return [model for model in get_page_models() if getattr(model, "is_entrance", False)] if cls.top_level else None

    @classproperty
    def subpage_types(cls) -> list[Any]:
        """Return the types that name this one as the one they live below: nobody lists what others add."""
        types = [model for model in get_page_models() if issubclass(model, BasePage)]
        return [model for model in types if cls in model.clean_parent_page_models()]

    @property
    def type_label(self) -> str | Promise:
        """What readers are told that this page is; a type with several forms says which."""
        return self.search_type_label

    def search_content(self) -> SearchContent:
        """Return what the search may know of this page. Types with a `search_type` must override it.

        Raises NotImplementedError when a searchable type forgot to.
        """
        raise NotImplementedError(f"{type(self).__name__} is searchable but has no search_content().")

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read ahead what `search_content()` of many fresh pages of this type would read one by one.

        Called with each batch that is indexed. Overriding it is a matter of speed alone.
        """
        models.prefetch_related_objects(pages, "locale")

    def is_expired_at(self, now: datetime.datetime) -> bool:
        """Return whether the page's end has passed, even if the clock has not unpublished it yet."""
        return self.expire_at is not None and self.expire_at <= now

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page, or answer 404 from the minute its end has passed."""
        self.refuse_after_end(request)
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    def refuse_after_end(self, request: HttpRequest) -> None:
        """Raise Http404 when the page's end has passed; a type that serves in a way of its own calls this first."""
        if not getattr(request, "is_preview", False) and self.is_expired_at(timezone.now()):
            raise Http404("expired")

    def parent_trail(self) -> models.QuerySet[Page]:
        """Return the ancestors to show as breadcrumbs, from the home page down."""
        trail: models.QuerySet[Page] = self.get_ancestors().filter(depth__gt=1).order_by("depth")
        return trail
