"""An H5P exercise as a listed bundle: title, type, licence and authors from `h5p.json`, its texts, no line of it run.

Which texts are the author's and which are labels of buttons is told by the exercise's own description of its fields
(`semantics.json`: `common` marks what all exercises of a type share), else by usual names.
"""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from media.extraction.archive import Archive
from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.pieces import Pieces

MAIN, _CONTENT = "h5p.json", "content/content.json"
MAX_DEPTH = 100
_MOST_LIBRARIES = 200
_MOST_AUTHORS = 20

_NOT_TEXT_WORDS = """
mime path library subContentId contentType license licenseVersion licenseExtras copyright behaviour l10n i10n UI
ui a11y override overrideSettings confirmCheck confirmRetry currentMenu color backgroundColor width height
cloudinary videoId codecs quality metadata uuid id globalBackgroundSelector presetsPresentation defaultLanguage
scoreBarLabel
"""
_NOT_TEXT = frozenset(_NOT_TEXT_WORDS.split())
_TAG = re.compile(r"<[^<>]*>")
_BLOCK_TAG = re.compile(r"</?(?:p|div|li|ul|ol|br|h[1-6]|tr|td|th|table|blockquote)\b[^<>]*>", re.IGNORECASE)
_MACHINE = re.compile(r"\A(?:[#./\w-]+/[#./\w-]+|[a-z]+[A-Z]\w*|#[0-9A-Fa-f]{3,8}|[0-9a-f-]{36}|https?://\S+)\Z")


def read(archive: Archive) -> Extracted:
    """Return the texts of an exercise and what it says of itself. Raises Refused if its description is broken."""
    about = _json(archive, MAIN)
    if not isinstance(about, dict) or not isinstance(about.get("title", ""), str):
        raise Refused(Reason.DAMAGED, "no description")
    pieces = Pieces()
    pieces.heading(_line(about.get("title")))
    if _CONTENT in archive.names:
        for text in _texts(_json(archive, _CONTENT), _common(archive), 0):
            pieces.paragraph(text)
            if pieces.is_full:
                break
    return Extracted(
        format="h5p",
        pieces=pieces.close(),
        facts=Facts(
            title=_line(about.get("title")),
            language=_language(about),
            type=_type(archive, _line(about.get("mainLibrary"))),
            licence=_licence(about),
            authors=_authors(about),
        ),
        note=Reason.SHORTENED if pieces.is_full else "",
    )


def _json(archive: Archive, name: str) -> Any:
    try:
        return json.loads(archive.read(name).decode("utf-8-sig"))
    except ValueError as error:
        raise Refused(Reason.DAMAGED, f"{name}: {error}"[:200]) from error


def _line(value: Any) -> str:
    return " ".join(html.unescape(value).split())[:300] if isinstance(value, str) else ""


def _language(about: dict[str, Any]) -> str:
    language = _line(about.get("defaultLanguage")) or _line(about.get("language"))
    return "" if language == "und" else language


def _type(archive: Archive, name: str) -> str:
    """Return what the type calls itself, such as „Multiple Choice“, else its name without its maker."""
    for member in sorted(archive.names):
        folder, _, file = member.partition("/")
        if file == "library.json" and folder.rpartition("-")[0] == name:
            try:
                described = _json(archive, member)
            except Refused as error:
                if error.reason != Reason.DAMAGED:
                    raise
                break
            if isinstance(described, dict) and (title := _line(described.get("title"))):
                return title
    return name.removeprefix("H5P.")


def _licence(about: dict[str, Any]) -> str:
    licence, version = _line(about.get("license")), _line(about.get("licenseVersion"))
    return "" if licence in ("", "U") else f"{licence} {version}".strip()


def _authors(about: dict[str, Any]) -> str:
    rows = about.get("authors")
    names = [_line(row.get("name")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return "; ".join([name for name in names if name][:_MOST_AUTHORS])


def _common(archive: Archive) -> frozenset[str]:
    """Return the names of fields that hold labels of buttons and messages."""
    names: set[str] = set()
    found = [member for member in sorted(archive.names) if posixpath.basename(member) == "semantics.json"]
    for member in found[:_MOST_LIBRARIES]:
        try:
            fields = _json(archive, member)
        except Refused as error:
            if error.reason != Reason.DAMAGED:
                raise
            continue
        for field in fields if isinstance(fields, list) else ():
            if isinstance(field, dict) and field.get("common") is True and isinstance(field.get("name"), str):
                names.add(field["name"])
    return frozenset(names)


def _texts(value: Any, common: frozenset[str], depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise Refused(Reason.TOO_NESTED)
    if isinstance(value, dict):
        # The title of a part stands in its metadata.
        metadata = value.get("metadata")
        if isinstance(metadata, dict) and isinstance(metadata.get("title"), str) and "library" in value:
            yield from _text(metadata["title"])
        for name, part in value.items():
            if name not in _NOT_TEXT and name not in common:
                yield from _texts(part, common, depth + 1)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, common, depth + 1)
    elif isinstance(value, str):
        yield from _text(value)


def _text(value: str) -> Iterator[str]:
    for part in _BLOCK_TAG.split(value):
        text = html.unescape(_TAG.sub("", part)).strip()
        if text and not _MACHINE.match(text):
            yield text
