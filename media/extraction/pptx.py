"""Text of a presentation, slide by slide in display order, each with its speaker notes."""

from __future__ import annotations

from media.extraction.archive import Archive, resolve
from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.pieces import Pieces
from media.extraction.xml import START, TEXT, attribute, events, local

MAIN = "ppt/presentation.xml"
MAX_SLIDES = 2_000
_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"sldNum", "dt", "hdr", "ftr", "sldImg"})
"""Placeholders that repeat on every slide."""


def read(archive: Archive) -> Extracted:
    """Return the text of the slides. Raises Refused if one of them is missing or cannot be read."""
    targets = _relations(archive, MAIN)
    slides: list[str] = []
    with archive.open(MAIN) as reader:
        for event, node in events(reader):
            if event == START and local(node) == "sldId":
                # Two attributes are called id: the slide's number, and the relation to its file.
                key = next((value for name, value in node.attrib.items() if name.endswith("}id")), "")
                slides.append(targets.get(key, ("", ""))[1])
    result = Extracted(format="pptx", facts=Facts(pages=len(slides)))
    pieces = Pieces()
    for number, name in enumerate(slides[:MAX_SLIDES], start=1):
        if name not in archive.names:
            raise Refused(Reason.DAMAGED, f"slide {number} is missing")
        slide = _Shapes(archive, name)
        pieces.page(number, slide.title)
        for text in slide.paragraphs:
            pieces.paragraph(text)
        for kind, target in _relations(archive, name).values():
            if kind == "notesSlide" and target in archive.names:
                for text in _Shapes(archive, target).paragraphs:
                    pieces.paragraph(text)
        result.facts.language = result.facts.language or slide.language
        if pieces.is_full:
            break
    result.pieces = pieces.close()
    result.note = Reason.SHORTENED if pieces.is_full or len(slides) > MAX_SLIDES else ""
    return result


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return kind and target member of a part's relations, by id; leave out targets outside the archive."""
    folder, _, name = part.rpartition("/")
    member = f"{folder}/_rels/{name}.rels"
    if member not in archive.names:
        return {}
    relations: dict[str, tuple[str, str]] = {}
    with archive.open(member) as reader:
        for event, element in events(reader):
            if event != START or local(element) != "Relationship":
                continue
            if attribute(element, "TargetMode") == "External":
                continue
            kind = attribute(element, "Type").rpartition("/")[2]
            relations[attribute(element, "Id")] = (kind, resolve(part, attribute(element, "Target")))
    return relations


class _Shapes:
    """The paragraphs of a slide or of its notes: `title` is the text of the title placeholder."""

    def __init__(self, archive: Archive, name: str) -> None:
        self.paragraphs: list[str] = []
        self.title = ""
        self.language = ""
        self._read(archive, name)

    def _read(self, archive: Archive, name: str) -> None:
        placeholder = ""
        cells: list[str] | None = None
        paragraph: list[str] = []
        with archive.open(name) as reader:
            for event, node in events(reader):
                if event == TEXT:
                    continue
                tag = local(node)
                if event == START:
                    if tag == "sp":
                        placeholder = ""
                    elif tag == "ph":
                        placeholder = attribute(node, "type") or "body"
                    elif tag == "tr":
                        cells = []
                    elif tag == "br":
                        paragraph.append("\n")
                    elif tag == "rPr" and not self.language:
                        self.language = attribute(node, "lang")[:12]
                elif tag == "t":
                    paragraph.append(node.text or "")
                elif tag == "tr" and cells is not None:
                    self.paragraphs.append(", ".join(cells))
                    cells = None
                elif tag == "p":
                    text = "".join(paragraph).strip()
                    paragraph = []
                    if not text or placeholder in _FURNITURE:
                        continue
                    if cells is not None:
                        cells.append(text)
                        continue
                    if placeholder in _TITLES:
                        self.title = f"{self.title} {text}".strip()
                    self.paragraphs.append(text)
