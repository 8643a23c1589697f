"""Words of charts and of SmartArt, which are parts of their own."""

from __future__ import annotations

from collections.abc import Iterator

from media.extraction.archive import Archive
from media.extraction.office.package import Relation, relations, shown_once
from media.extraction.outcome import Refused
from media.extraction.parts import Parts
from media.extraction.xml import END, START, TEXT, attribute, events, local

KINDS = frozenset({"chart", "chartEx", "diagramData"})
MAX_PARTS = 500
"""Of one file; each is read once, whoever refers to it."""

_WORDS = frozenset({"strCache", "multiLvlStrCache", "txData", "strDim"})
"""Where a chart keeps names of series and categories; numbers are kept elsewhere."""


class Drawings:
    """The drawings of a file. Each is read where it is first referred to."""

    def __init__(self, archive: Archive, parts: Parts) -> None:
        self._archive = archive
        self._parts = parts
        self._seen: set[str] = set()

    def texts(self, owner: dict[str, Relation], key: str) -> list[str]:
        """Return the words of the drawing that this relation of its owner leads to; none if they were told before."""
        relation = owner.get(key)
        if relation is None or relation.kind not in KINDS:
            return []
        mark = f"{relation.kind} {relation.target}"
        if mark in self._seen or len(self._seen) >= MAX_PARTS:
            return []
        self._seen.add(mark)
        found: list[str] = []
        with self._parts.part():
            name = self._read(owner, relation, found)
        for beside in relations(self._archive, name).values() if found else ():
            if beside.kind == "chartUserShapes":
                with self._parts.part():
                    self._add(beside.member(self._archive), found)
        return list(dict.fromkeys(found))

    def _read(self, owner: dict[str, Relation], relation: Relation, found: list[str]) -> str:
        """Read a drawing, or what a program drew from its data when these are lost; return the name of the part."""
        name = ""
        try:
            name = relation.member(self._archive)
            self._add(name, found)
        except Refused:
            drawn = _drawn(owner, relation)
            if found or drawn is None:
                raise
            self._add(drawn.member(self._archive), found)
        return name

    def _add(self, name: str, found: list[str]) -> None:
        for text in _words(self._archive, name):
            if text.strip():
                found.append(text)


def _drawn(owner: dict[str, Relation], data: Relation) -> Relation | None:
    """Return the picture of SmartArt that a program has drawn beside its data: it has the same number."""
    if data.kind == "diagramData":
        for relation in owner.values():
            if relation.kind == "diagramDrawing" and _number(relation) == _number(data):
                return relation
    return None


def _number(relation: Relation) -> str:
    return "".join(sign for sign in (relation.target or "").rpartition("/")[2] if sign.isdecimal())


def _words(archive: Archive, name: str) -> Iterator[str]:
    paragraph: list[str] = []
    words = 0
    is_placeholder = False
    with archive.open(name) as reader:
        for event, node in shown_once(events(reader)):
            if event == TEXT:
                continue
            tag = local(node)
            if tag in _WORDS:
                words += 1 if event == START else -1
            elif event == START and tag == "pt":
                is_placeholder = False
            elif event == START and tag == "prSet":
                is_placeholder = attribute(node, "phldr") in ("1", "true")
            elif event == END and tag == "t" and not is_placeholder:
                paragraph.append(node.text or "")
            elif event == END and tag == "br":
                paragraph.append("\n")
            elif event == END and tag == "p":
                yield "".join(paragraph)
                paragraph = []
            elif event == END and words and tag in ("v", "pt") and node.text:
                yield node.text
