"""What the form of a page sends, for any page type: read from the forms themselves, so no type has to be named."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.forms import BooleanField
from django.http import QueryDict
from django.urls import reverse
from wagtail import blocks
from wagtail.blocks.base import BlockField
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from core.models import BasePage, User


def page_types() -> list[type[BasePage]]:
    """Return every page type that editors can create."""
    return [model for model in apps.get_models() if issubclass(model, BasePage) and model.is_creatable]


def parent_for(model: type[Page]) -> Page:
    """Return the highest page below which the type may be added."""
    allowed = model.allowed_parent_page_models()
    pages = Page.objects.type(*allowed).order_by("path").specific()
    return next(page for page in pages if type(page) in allowed)


def address_for(view: str, model: type[Page], parent: Page) -> str:
    """Return the address of one of the admin's views of a new page: `add` or `preview_on_add`."""
    return reverse(f"wagtailadmin_pages:{view}", args=(model._meta.app_label, model._meta.model_name, parent.pk))


def sent_for(page: Page, user: User, *, as_new: bool = False) -> QueryDict:
    """Return what the form of a page sends; or that of a new one, as if everything in it had just been typed."""
    form_class = type(page).get_edit_handler().get_form_class()
    form = form_class(instance=page, parent_page=parent_for(type(page)), for_user=user)
    data = QueryDict(mutable=True)
    _add(form, data)
    for formset in form.formsets.values():
        for name, value in formset.management_form.initial.items():
            data[f"{formset.prefix}-{name}"] = str(value)
        if as_new:
            data[f"{formset.prefix}-INITIAL_FORMS"] = "0"
        for row in formset.forms:
            _add(row, data)
            if as_new:
                data[row.add_prefix("id")] = ""
    return data


def _add(form: Any, data: QueryDict) -> None:
    for bound in form:
        value = bound.value()
        if isinstance(bound.field, BlockField):
            sent = nested_form_data({bound.html_name: _sent(bound.field.block, value)})
            for name, one in sent.items():
                data[name] = one
        elif not isinstance(bound.field, BooleanField):
            shown = bound.field.widget.format_value(value)
            data.setlist(bound.html_name, shown if isinstance(shown, list) else ["" if shown is None else shown])
        elif value:
            data[bound.html_name] = "on"


def _sent(block: blocks.Block, value: Any) -> Any:
    """Return what the browser sends for a block."""
    if isinstance(block, blocks.StreamBlock):
        return streamfield([(child.block_type, _sent(child.block, child.value)) for child in value])
    if isinstance(block, blocks.ListBlock):
        rows = [_sent(block.child_block, one) for one in value]
        counted = {str(n): {"value": row, "order": str(n), "deleted": ""} for n, row in enumerate(rows)}
        return {"count": str(len(rows)), **counted}
    if isinstance(block, blocks.StructBlock):
        sent = {name: _sent(child, value[name]) for name, child in block.child_blocks.items()}
        return {name: one for name, one in sent.items() if one is not None}
    if isinstance(block, blocks.RichTextBlock):
        return rich_text(value.source)
    if not isinstance(block, blocks.FieldBlock):
        raise TypeError(f"no form is known of {type(block).__name__}")
    if isinstance(block.field, BooleanField):
        return "on" if value else None
    shown = block.field.prepare_value(block.value_for_form(value))
    return "" if shown is None else str(getattr(shown, "pk", shown))
