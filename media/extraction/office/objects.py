"""Words of what is embedded in an OpenDocument text as a document of its own: chart, formula, drawing, text."""

from __future__ import annotations

from collections.abc import Iterator

from media.extraction.archive import Archive
from media.extraction.xml import END, START, TEXT, attribute, events, local

_NOT_READ = frozenset({"annotation", "automatic-styles", "styles", "scripts", "tracked-changes"})
_NUMBERS = frozenset({"float", "percentage", "currency", "date", "time", "boolean"})
_SIGNS = frozenset({"mi", "mn", "mo", "mtext"})


def object_texts(archive: Archive, member: str) -> Iterator[str]:
    """Yield titles, names of series and categories, paragraphs; a formula as one. Numbers of a chart are left out."""
    open_texts: list[list[str]] = []
    formula: list[str] = []
    skipped = numbers = 0
    seen = set[str]()
    with archive.open(member) as reader:
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
            elif name == "table-cell" and attribute(node, "value-type") in _NUMBERS:
                numbers += 1 if event == START else -1
            elif event == START and name in ("p", "h"):
                open_texts.append([])
            elif event == END and name in ("p", "h") and open_texts:
                text = "".join(open_texts.pop()).strip()
                if text and not numbers and text not in seen:
                    seen.add(text)
                    yield text
            elif event == END and name in _SIGNS:
                formula.append(node.text or "")
    yield "".join(formula)
