"""The parts of an Office file (OPC, ISO/IEC 29500-2) and how they refer to each other.

Names of parts are conventions; only their relations count. Where these are damaged, the usual names stand in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from media.extraction.archive import Archive, resolve
from media.extraction.facts import MAX_LANGUAGE, MAX_TITLE, Facts
from media.extraction.outcome import Reason, Refused
from media.extraction.text import clean
from media.extraction.xml import END, START, attribute, events, local

WORD, SLIDES, SHEETS = "wordprocessingml", "presentationml", "spreadsheetml"
TYPES = "[Content_Types].xml"
_FOLDERS = {"word": WORD, "ppt": SLIDES, "xl": SHEETS}
_USUAL = (("word/document.xml", WORD), ("ppt/presentation.xml", SLIDES))
_SHOWN = frozenset({"docPr", "cNvPr", "chart", "relIds", "blip"})
"""Elements that show something even without text of their own."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to. `target` is None where it leads out of the archive."""

    kind: str
    target: str | None

    def member(self, archive: Archive) -> str:
        """Return the member meant. Raises Refused if there is none or it lies outside."""
        if self.target is None:
            raise Refused(Reason.UNSAFE_NAMES, self.kind)
        name = archive.find(self.target)
        if not name:
            raise Refused(Reason.DAMAGED, f"{self.target[:80]} is missing")
        return name


def relations(archive: Archive, part: str) -> dict[str, Relation]:
    """Return a part's relations by id, without those to addresses elsewhere; of damaged ones what can be read."""
    part = part.replace("\\", "/")
    folder, _, name = part.rpartition("/")
    member = archive.find(f"{folder}/_rels/{name}.rels")
    found: dict[str, Relation] = {}
    if not member:
        return found
    with damage_ignored(), archive.open(member) as reader:
        for event, element in events(reader):
            if event != START or local(element) != "Relationship" or attribute(element, "TargetMode") == "External":
                continue
            target: str | None = None
            with suppress(Refused):
                target = resolve(part, attribute(element, "Target").replace("\\", "/"))
            found[attribute(element, "Id")] = Relation(attribute(element, "Type").rpartition("/")[2], target)
    return found


def main_part(archive: Archive) -> tuple[str, str]:
    """Return the kind of an Office file (`WORD`, `SLIDES` …) and the name of its main part; empty if there is none."""
    declared = _declared(archive)
    for relation in relations(archive, "").values():
        name = archive.find(relation.target or "") if relation.kind == "officeDocument" else ""
        if name:
            return declared.get(name) or _FOLDERS.get(name.replace("\\", "/").partition("/")[0].lower(), ""), name
    for name, kind in declared.items():
        return kind, name
    for name, kind in _USUAL:
        if archive.find(name):
            return kind, archive.find(name)
    return "", ""


def _declared(archive: Archive) -> dict[str, str]:
    """Return the kinds of the main parts that the list of types names."""
    found: dict[str, str] = {}
    with damage_ignored(), archive.open(archive.find(TYPES)) as reader:
        for event, node in events(reader):
            kind = attribute(node, "ContentType") if event == START and local(node) == "Override" else ""
            if ".main+xml" in kind and (name := archive.find(attribute(node, "PartName").lstrip("/"))):
                family = next((family for family in _FOLDERS.values() if family in kind), "")
                found[name] = family
    return found


def read_properties(archive: Archive, facts: Facts) -> None:
    """Note the title and the language that the file's properties declare."""
    targets = [relation.target for relation in relations(archive, "").values() if relation.kind == "core-properties"]
    name = next((name for target in (*targets, "docProps/core.xml") if (name := archive.find(target or ""))), "")
    if not name:
        return
    with damage_ignored(), archive.open(name) as reader:
        for event, node in events(reader):
            if event == END and local(node) == "title" and not facts.title:
                facts.title = clean(node.text or "")[:MAX_TITLE]
            elif event == END and local(node) == "language" and not facts.language:
                facts.language = clean(node.text or "")[:MAX_LANGUAGE]


class damage_ignored(suppress):
    """What is read so far is enough: for parts that no text is lost with. A bomb is none of them."""

    def __init__(self) -> None:
        super().__init__(Refused)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        """Suppress all but the refusal of a bomb."""
        if isinstance(error, Refused) and error.reason is Reason.TOO_LARGE:
            return False
        return bool(super().__exit__(kind, error, trace))


def shown_once(source: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Leave out what stands there for older programs, a second time, unless only they are shown anything."""
    shown: list[bool] = []
    skipped = 0
    for event, node in source:
        if skipped:
            skipped += {START: 1, END: -1}.get(event, 0)
            continue
        name = local(node) if event in (START, END) else ""
        if name == "AlternateContent":
            if event == START:
                shown.append(False)
            elif shown and shown.pop() and shown:
                shown[-1] = True
        elif event == START and name in ("Choice", "Fallback") and shown and shown[-1]:
            skipped = 1
            continue
        elif shown and (
            (event == END and name == "t" and (node.text or "").strip())
            or (event == START and name in _SHOWN and _shows(name, node))
        ):
            shown[-1] = True
        yield event, node


def _shows(name: str, node: Any) -> bool:
    return not name.endswith("Pr") or bool(attribute(node, "descr") or attribute(node, "title"))
