"""Save imported pages: an editor's changes since the import take precedence over the file.

The page types of an importer have the fields `imported_revision` (an integer that may be null) and `source_record`
(JSON), like `LibraryPage`. The page stores its last imported revision; so does the revision itself, because
publishing a revision restores every field from it. So an importer calls `edited` before it changes a page, then saves
with `save_once`, or with `save_as_editor` if anything else is pending on the page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields
from wagtail.log_actions import log
from wagtail.models import Page, Revision
from wagtail.signals import page_published, published

from core import versions
from core.declared.people.consent import standing
from core.models import BasePage

_TREE_FIELDS = {
    "path",
    "depth",
    "numchild",
    "url_path",
    "slug",
    "content_type",
    "translation_key",
    "locale",
}
"""Set by the tree when a page is added; they cannot be validated earlier."""


def edited(page: Page) -> str:
    """Return what an editor did to a page since its import, or an empty string."""
    if page.latest_revision_id != page.imported_revision:
        return _("seit dem Import in der Redaktion bearbeitet")
    if not page.live and page.last_published_at is not None:
        return _("seit dem Import zurückgezogen")
    if page.locked:
        return _("in der Redaktion gesperrt")
    return ""


def save_once(page: Page, *, publish: bool, parent: Page | None = None, unchecked: Collection[str] = ()) -> None:
    """Save page and revision like `save_revision()` and `publish()`, but the page itself only once.

    Those two save the page three times, index it twice and rebuild it from JSON in between. Nothing else may be pending on the page: a date in the future, a workflow or an editor's draft needs Wagtail's
    own way, `save_as_editor`. A new page goes below `parent`. Values of `unchecked` fields have just come from the
    database: looking them up again would cost a query each.
    """
    now = timezone.now()
    state: dict[str, Any] = {"has_unpublished_changes": not publish, "latest_revision_created_at": now}
    if publish:
        state |= {"live": True, "expired": False, "last_published_at": now}
        state |= {"first_published_at": page.first_published_at or now}
    page.draft_title = page.title
    _check(page, unchecked)
    if publish and isinstance(page, BasePage) and (found := standing(page.pk, page.named_people())).refusals:
        raise ValidationError(list(found.refusals))
    if parent is not None:
        content = _add(page, parent)
        _set(page, state)
    else:
        _set(page, state)
        page.save(log_action="wagtail.edit")
        content = page.serializable_data()
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        content=content | get_serializable_data_for_fields(page),
        object_str=str(page),
        created_at=now,
    )
    state["latest_revision"] = revision
    if publish:
        state["live_revision"] = revision
    _set(page, state)
    Page.objects.filter(pk=page.pk).update(**state)
    versions.changed(Page)
    _remember(page, revision)
    if publish:
        page_published.send(sender=type(page), instance=page, revision=revision)
        published.send(sender=type(page), instance=page, revision=revision)
        if parent is None:
            page.update_aliases(revision=revision, _content=revision.content)
        log(instance=page, action="wagtail.publish", revision=revision, content_changed=True)


def save_as_editor(page: Page, *, publish: bool, unchecked: Collection[str] = ()) -> None:
    """Save a revision like the editor's form; readers see it only if it is published."""
    _check(page, unchecked)
    revision = page.save_revision(clean=False, log_action=True)
    _remember(page, revision, source_record=page.source_record)
    if publish:
        revision.publish()


def _check(page: Page, unchecked: Collection[str]) -> None:
    parents = {field.name for field in page._meta.parents.values() if field is not None}
    page.clean_fields(exclude={*_TREE_FIELDS, *parents, *unchecked})


def _add(page: Page, parent: Page) -> dict[str, Any]:
    """Add a page below `parent` and return its content for a revision.

    Reads the relations while they are still in memory; only the keys of their rows come later.
    """
    content: dict[str, Any] = page.serializable_data()
    names = (relation.get_accessor_name() for relation in get_all_child_relations(page))
    rows = {name: list(getattr(page, name).all()) for name in names if name in content}
    parent.add_child(instance=page)
    for name, saved in rows.items():
        content[name] = [get_serializable_data_for_fields(row) for row in saved]
    return content


def _remember(page: Page, revision: Revision, **values: Any) -> None:
    """Mark the revision as ours, in itself and on the page, whose other fields stay unchanged."""
    page.imported_revision = revision.content["imported_revision"] = revision.pk
    revision.save(update_fields=["content"])
    # The model that has the field: one query, where its subclass would take two.
    model = page._meta.get_field("imported_revision").model
    model.objects.filter(pk=page.pk).update(imported_revision=revision.pk, **values)


def _set(page: Page, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(page, name, value)
