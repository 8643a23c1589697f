"""Text of a presentation, slide by slide in display order, each with its charts, SmartArt and speaker notes.

Hidden slides and shapes are not read: whoever is shown the presentation does not see them. Words of the layouts, which
stand on every slide, are read once.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from media.extraction.archive import Archive
from media.extraction.office.drawings import KINDS, Drawings
from media.extraction.office.package import Relation, damage_ignored, read_properties, relations
from media.extraction.office.slides import Slide, read_slide
from media.extraction.outcome import Extracted, PartKind, Reason, Refused
from media.extraction.parts import Parts, measured, settle
from media.extraction.pieces import Pieces
from media.extraction.xml import START, events, local

MAX_SLIDES = 2_000
_LAYOUTS = ("slideLayout", "slideMaster")


def read(archive: Archive, main: str) -> Extracted:
    """Return the text of the slides. Raises Refused if none of them can be read."""
    return _Deck(archive, main).read()


class _Deck:
    def __init__(self, archive: Archive, main: str) -> None:
        self._archive = archive
        self._main = main
        self._facts = measured()
        self._slides = Parts(PartKind.SLIDE)
        self._parts = Parts(PartKind.PART)
        self._drawings = Drawings(archive, self._parts)
        self._repeated: dict[str, None] = {}
        self._layouts: set[str] = set()

    def read(self) -> Extracted:
        """Return text and facts."""
        slides = self._in_order() or self._by_name()
        pieces = Pieces()
        for number, part in enumerate(slides[:MAX_SLIDES], start=1):
            with self._slides.part():
                self._slide(number, part, pieces)
            if pieces.is_full:
                break
        pieces.page(None)
        for text in self._repeated:
            pieces.paragraph(text)
        declared = measured()
        read_properties(self._archive, declared)
        self._facts.title = declared.title
        self._facts.language = self._facts.language or declared.language
        self._facts.pages = len(slides)
        if pieces.is_full:
            self._slides.total = len(slides)
        extracted = Extracted(format="pptx", pieces=pieces.close(), facts=self._facts)
        extracted.note = Reason.SHORTENED if pieces.is_full or len(slides) > MAX_SLIDES else ""
        return settle(extracted, self._slides, self._parts)

    def _in_order(self) -> list[Relation]:
        """Return the slides as the presentation lists them; its sections list them a second time, in their own words."""
        targets = relations(self._archive, self._main)
        found: list[Relation] = []
        namespace = None
        listing = False
        with damage_ignored(), self._archive.open(self._main) as reader:
            for event, node in events(reader):
                if event != START:
                    continue
                own = str(node.tag).rpartition("}")[0]
                namespace = own if namespace is None else namespace
                if own != namespace:
                    continue
                if local(node) != "sldId":
                    listing = local(node) == "sldIdLst"
                elif listing:
                    # Two attributes are called id: the slide's number, and the relation to its file.
                    key = next((value for name, value in node.attrib.items() if name.endswith(("}id", ":id"))), "")
                    found.append(targets.get(key, Relation("slide", f"ppt/slides/{key or 'slide'}")))
        return found

    def _by_name(self) -> list[Relation]:
        """Return the slides of a presentation whose list is lost, by the numbers in their names."""
        numbered: list[tuple[int, str]] = []
        for name in self._archive.names:
            folder, _, file = name.lower().rpartition("/")
            digits = file.removeprefix("slide").removesuffix(".xml")
            if folder == "ppt/slides" and digits.isdecimal():
                numbered.append((int(digits[:9]), name))
        return [Relation("slide", name) for _, name in sorted(numbered)]

    def _slide(self, number: int, part: Relation, pieces: Pieces) -> None:
        member = part.member(self._archive)
        related = relations(self._archive, member)
        slide = Slide()
        try:
            read_slide(self._archive, member, slide, self._facts, partial(self._drawings.texts, related))
        finally:
            # What precedes the damage is read as well.
            if not slide.is_hidden:
                self._tell(number, slide, related, pieces)

    def _tell(self, number: int, slide: Slide, related: dict[str, Relation], pieces: Pieces) -> None:
        pieces.page(number, slide.title)
        self._facts.headings = (self._facts.headings or 0) + bool(slide.title)
        self._facts.language = self._facts.language or slide.language
        texts = list(slide.paragraphs)
        for key, relation in related.items():
            if relation.kind in KINDS:
                texts += self._drawings.texts(related, key)
            elif relation.kind == "notesSlide":
                texts += self._notes(relation)
            elif relation.kind in _LAYOUTS:
                self._layout(relation)
        for text in texts:
            pieces.paragraph(text)

    def _notes(self, part: Relation) -> list[str]:
        notes = Slide()
        with self._parts.part():
            read_slide(self._archive, part.member(self._archive), notes)
        return notes.paragraphs

    def _layout(self, part: Relation) -> None:
        """Note what a layout and its master show on every slide beside the places to be filled."""
        if part.target in self._layouts or not part.target:
            return
        self._layouts.add(part.target)
        layout = Slide()
        with suppress(Refused):
            member = part.member(self._archive)
            read_slide(self._archive, member, layout)
            self._repeated.update(dict.fromkeys(layout.unfilled))
            if layout.shows_master:
                for relation in relations(self._archive, member).values():
                    if relation.kind == "slideMaster":
                        self._layout(relation)
