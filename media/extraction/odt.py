"""Text of an OpenDocument text by its headings, with tables and footnotes."""

from __future__ import annotations

from media.extraction.archive import Archive
from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.pieces import Pieces
from media.extraction.xml import START, TEXT, attribute, events, local

TYPE = b"application/vnd.oasis.opendocument.text"
_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
_NOT_READ = frozenset(
    {"tracked-changes", "annotation", "note-citation", "forms", "scripts", "automatic-styles", "desc"}
)
_SPACES = {"s": " ", "tab": " ", "line-break": "\n"}


def read(archive: Archive) -> Extracted:
    """Return the text by headings. Raises Refused if the file is encrypted or damaged."""
    if _MANIFEST in archive.names and _mentions(archive, _MANIFEST, "encryption-data"):
        raise Refused(Reason.ENCRYPTED)
    if _CONTENT not in archive.names:
        raise Refused(Reason.DAMAGED, "no content")
    pieces = Pieces()
    _content(archive, pieces)
    return Extracted(
        format="odt",
        pieces=pieces.close(),
        facts=Facts(language=_language(archive) if _STYLES in archive.names else ""),
        note=Reason.SHORTENED if pieces.is_full else "",
    )


def _mentions(archive: Archive, member: str, name: str) -> bool:
    with archive.open(member) as reader:
        return any(event == START and local(node) == name for event, node in events(reader))


def _language(archive: Archive) -> str:
    """Return the language of the default style, such as `de-DE`."""
    with archive.open(_STYLES) as reader:
        for event, node in events(reader):
            if event == START and local(node) == "text-properties" and attribute(node, "language"):
                parts = (attribute(node, "language"), attribute(node, "country"))
                return "-".join(part for part in parts if part not in ("", "none"))[:12]
    return ""


def _content(archive: Archive, pieces: Pieces) -> None:
    # A footnote lies within its paragraph and contains paragraphs itself: one list for each open one.
    open_texts: list[list[str]] = []
    notes: list[str] = []
    rows: list[list[str]] = []
    cells: list[list[str]] = []
    in_note = skipped = 0
    with archive.open(_CONTENT) as reader:
        for event, node in events(reader):
            if event == TEXT:
                if open_texts and not skipped:
                    open_texts[-1].append(node)
                continue
            name = local(node)
            if name in _NOT_READ:
                skipped += 1 if event == START else -1
            elif skipped:
                continue
            elif event == START:
                if name in ("p", "h"):
                    open_texts.append([])
                elif name in _SPACES and open_texts:
                    open_texts[-1].append(_SPACES[name])
                elif name == "note":
                    in_note += 1
                elif name == "table-row":
                    rows.append([])
                elif name == "table-cell":
                    cells.append([])
            elif name in ("p", "h") and open_texts:
                text = "".join(open_texts.pop()).strip()
                if in_note:
                    notes.append(text)
                elif cells:
                    cells[-1].append(text)
                elif name == "h":
                    pieces.heading(text)
                else:
                    pieces.paragraph(text)
                if notes and not open_texts:
                    for note in notes:
                        pieces.paragraph(note)
                    notes = []
            elif name == "note":
                in_note -= 1
            elif name == "table-cell" and cells:
                text = " ".join(part for part in cells.pop() if part)
                if rows and text:
                    rows[-1].append(text)
            elif name == "table-row" and rows:
                row = ", ".join(rows.pop())
                if cells:
                    cells[-1].append(row)
                else:
                    pieces.paragraph(row)
            if pieces.is_full:
                return
