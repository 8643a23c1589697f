"""Tags that only library pages use: the files of a material."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import template

from media.templatetags.media_tags import FileEntry, document_entry, visible_document

register = template.Library()


@register.simple_tag(takes_context=True)
def visible_files(context: template.Context, page: Any) -> list[FileEntry]:
    """Return the files and links of a material in order, without files that the public may not fetch."""
    entries = []
    for row in page.files.select_related("document"):
        role = row.get_role_display()
        if row.document_id:
            if visible_document(context, row.document):
                entries.append(document_entry(context, row.document, row.title, role))
        elif row.url:
            host = (urlsplit(row.url).hostname or "").removeprefix("www.")
            entries.append(FileEntry(row.label, row.url, role, external=True, host=host))
    return entries
