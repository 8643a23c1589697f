"""What several tests of the library need: page forms as a browser sends them, quick pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from library.models import LibraryPage, MaterialPage

INLINES = {
    "material": ("related_pages", "files", "comments"),
    "book": ("related_pages", "comments"),
    "case": ("related_pages", "people", "quotes", "pictures", "used_materials", "partners", "comments"),
}


def add_material(
    parent: Page, vocabularies: dict[tuple[str, str], Any], slug: str = "waage", **values: Any
) -> MaterialPage:
    """Publish a small material and return it."""
    page = MaterialPage(title=values.pop("title", "Waage"), slug=slug, summary="Wiegen lernen.", live=False)
    page.focus = [vocabularies["focus", "lernen"]]
    page.audience = [vocabularies["audience", "lehrkraefte"]]
    for name, value in values.items():
        setattr(page, name, value)
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def form_data(kind: str, **values: Any) -> dict[str, Any]:
    """Return what the editor's form sends for a page of a kind; rows as lists under the relation's name."""
    data: dict[str, Any] = {
        "title": "Probe",
        "slug": "probe",
        "summary": "Eine Probe.",
        "body": streamfield([]),
        "comment_notifications": "",
        **({"steps": streamfield([])} if kind == "material" else {}),
        **({"form": "case"} if kind == "case" else {}),
    }
    for name in INLINES[kind]:
        rows = values.pop(name, [])
        data[name] = inline_formset(rows, initial=sum(1 for row in rows if row.get("id")))
    # Several choices of one field keep its name; the helper would number them like rows.
    choices = {name: value for name, value in values.items() if isinstance(value, list)}
    single = {name: value for name, value in values.items() if name not in choices}
    return {**nested_form_data({**data, **single}), **choices}


def create_url(model: type[LibraryPage], parent: Page) -> str:
    """Return the address of the form for a new page."""
    return reverse("wagtailadmin_pages:add", args=(model._meta.app_label, model._meta.model_name, parent.pk))


def edit_url(page: Page) -> str:
    """Return the address of the form of an existing page."""
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


def error_text(response: Any) -> str:
    """Return the errors of the form and of its rows in one text."""
    form = response.context["form"]
    sets = form.formsets.values()
    rows = [str(error) for rows in sets for error in (rows.non_form_errors(), *(row.errors for row in rows.forms))]
    return f"{form.errors} {' '.join(rows)}"
