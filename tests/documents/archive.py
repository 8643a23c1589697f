"""Zip archives whose bytes depend on their members alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_DATE = (2026, 1, 1, 0, 0, 0)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def pack(members: Mapping[str, str], *, stored: str = "") -> bytes:
    """Return an archive of texts by name; the one called `stored` stands first and unpacked, as some formats ask."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(members.items(), key=lambda member: member[0] != stored):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text)
    return packed.getvalue()


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """Return the relations of an Office part: by id, the kind and what it points to."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    rows = "".join(
        f'<Relationship Id="{key}" Type="{base}{kind}" Target="{target}"/>' for key, (kind, target) in targets.items()
    )
    return (
        f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{rows}</Relationships>"
    )


def content_types(parts: Mapping[str, str]) -> str:
    """Return the list of types of an Office file: by part, the type after the common prefix."""
    base = "application/vnd.openxmlformats-officedocument."
    rows = "".join(f'<Override PartName="/{name}" ContentType="{base}{kind}+xml"/>' for name, kind in parts.items())
    return (
        f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )
