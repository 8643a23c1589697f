"""The base of every page type: hierarchy, dates and the declaration that the search reads.

A page type sets `search_type` (its slug in addresses and API), or `search_type = None` to be left out
on purpose; a system check refuses a type that does neither.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import Promise, classproperty
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import COMMENTS_RELATION_NAME, Page, ReferenceIndex, get_page_models
from wagtail.search import index

from core.declared.people.of_people import NOT_KEPT_UNASKED
from core.declared.searchable import Area, SearchContent
from core.editing.lines import tidy_lines
from core.editing.page_forms import PageForm
from core.editing.plain_language import PlainLanguagePanel
from core.references import references_unrecorded

DRAFT_FIELDS = frozenset(
    {COMMENTS_RELATION_NAME, "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"}
)
"""The fields that Wagtail writes to a page's row when only its draft changes."""


def saves_draft_alone(update_fields: Collection[str] | None) -> bool:
    """Return whether a save of these fields (None: of all) changes only a page's draft, as autosave does every few seconds."""
    return update_fields is not None and DRAFT_FIELDS.issuperset(update_fields)


def may_name_people(model: type[Page]) -> bool:
    """Return whether pages of a type may name people."""
    return issubclass(model, BasePage) and model.named_people is not BasePage.named_people


class BasePage(Page):
    """Abstract parent of all page types of the site."""

    base_form_class = PageForm
    search_auto_update = False
    """Not by Wagtail at every save: `save` knows whether there is something to index. Deleted pages are its own affair."""

    search_type: ClassVar[str | None]
    search_type_label: ClassVar[str | Promise] = ""
    search_area: ClassVar[Area | None] = None
    search_facet: ClassVar[str] = ""
    """Name of a facet whose values are the slugs of this type's pages: other pages are filed under them."""

    type_icon: ClassVar[str] = "file"
    """Name of the symbol in `static/icons.svg` shown before the type's label."""

    people_word: ClassVar[str | Promise] = _("von")
    """The word before the people on an entry's card."""

    cited_as_book: ClassVar[bool] = False
    """Whether records for reference managers describe it as a book."""

    helps_on: ClassVar[str | Promise] = ""
    """What pages of this type offer somebody whose search found nothing; the search then links the first public one."""

    top_level: ClassVar[bool] = False
    """Whether pages of this type live directly below an entrance of the site, and nowhere else."""

    is_entrance: ClassVar[bool] = False
    """Whether top-level pages live below pages of this type."""

    cover_from_file: ClassVar[bool] = False
    """Whether the first page of an attached PDF may become the cover: the type has a cover and `attachments()`."""

    content_panels = [PlainLanguagePanel(), *Page.content_panels]
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
        """Return the entrances for a top-level type, and None (below any page) for other types by default."""
        return [model for model in get_page_models() if getattr(model, "is_entrance", False)] if cls.top_level else None

    @classproperty
    def subpage_types(cls) -> list[Any]:
        """Return the types that name this one as their parent: no type lists what other apps add."""
        types = [model for model in get_page_models() if issubclass(model, BasePage)]
        return [model for model in types if cls in model.clean_parent_page_models()]

    @property
    def type_label(self) -> str | Promise:
        """The type that readers see; a type with several forms returns which."""
        return self.search_type_label

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Make one line of every text of one line, then check the page."""
        tidy_lines(self)
        super().full_clean(*args, **kwargs)

    @transaction.atomic
    def save(self, *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> Any:
        """Save the page; afterwards record what it refers to and its words for the editors' search, once.

        Wagtail does so for the page and again for each of its rows, before rows that were removed are deleted (their
        files would stay public), and for a draft, of which neither holds anything. It is a fifth of the time of saving.
        """
        with references_unrecorded():
            saved = super().save(*args, update_fields=update_fields, **kwargs)
        if not saves_draft_alone(update_fields):
            # With some of the fields, what is in memory need not be what is stored.
            page = self if update_fields is None else self._meta.model._default_manager.get(pk=self.pk)
            ReferenceIndex.create_or_update_for_object(page)
            index.insert_or_update_object(page)
        return saved

    def search_content(self) -> SearchContent:
        """Return this page's content for the search. Types with a `search_type` must override it.

        Raises NotImplementedError if a searchable type does not.
        """
        raise NotImplementedError(f"{type(self).__name__} is searchable but has no search_content().")

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Prefetch what `search_content()` of many fresh pages of this type would read one by one.

        Called with each batch that is indexed. Override it only for speed.
        """
        models.prefetch_related_objects(pages, "locale")

    def named_people(self) -> list[str]:
        """Return the names of the people that the page shows. Each must have consented (`core.declared.people.consent`)."""
        return []

    def is_expired_at(self, now: datetime.datetime) -> bool:
        """Return whether the page has expired, even if the worker has not unpublished it yet."""
        return self.expire_at is not None and self.expire_at <= now

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page, or answer 404 once it has expired."""
        self.refuse_after_end(request)
        if self.alias_of_id and not getattr(request, "is_preview", False):
            source = self.alias_of
            # Wagtail copies a page whose child is translated: its text is still in the other language.
            if source.locale_id != self.locale_id and (address := source.get_url(request)):
                return HttpResponseRedirect(address)
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return self.asked_again(response)

    def asked_again(self, response: HttpResponse) -> HttpResponse:
        """Return the answer of a page that may name people with a header that makes kept copies ask again."""
        if may_name_people(type(self)) and "Cache-Control" not in response:
            # Who is shown may withdraw at any time.
            response["Cache-Control"] = NOT_KEPT_UNASKED
        return response

    def refuse_after_end(self, request: HttpRequest) -> None:
        """Raise Http404 if the page has expired; a type with its own `serve` calls this first."""
        if not getattr(request, "is_preview", False) and self.is_expired_at(timezone.now()):
            raise Http404("expired")

    def parent_trail(self) -> models.QuerySet[Page]:
        """Return the ancestors to show as breadcrumbs, from the home page down."""
        trail: models.QuerySet[Page] = self.get_ancestors().filter(depth__gt=1).order_by("depth")
        return trail
