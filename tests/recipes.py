"""Follows docs/developing.md: its blocks are written into a copy of the project, just as they stand there.

A block names its file behind the language. `diff` changes a file that is there, `bash` holds commands, any other block is
a new file.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.states import ROOT

DOCUMENT = "docs/developing.md"

_BLOCK = re.compile(r"^( *)```(\w+) ?(\S*)\n(.*?)^ *```$", re.M | re.S)
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "var", "node_modules", "test-results")


@dataclass(frozen=True)
class Block:
    """A block of a recipe: its language, the file that it is for, what stands in it."""

    language: str
    file: str
    text: str


def blocks(text: str) -> list[Block]:
    """Return the blocks of a text without their indentation."""
    return [
        Block(language, file, re.sub(f"^{indent}", "", body, flags=re.M))
        for indent, language, file, body in _BLOCK.findall(text)
    ]


def recipes() -> list[str]:
    """Return what the document has recipes for."""
    return re.findall(r"^## Add an? (.+)$", (ROOT / DOCUMENT).read_text(encoding="utf-8"), re.M)


def commands(folder: Path, program: str) -> list[list[str]]:
    """Return the arguments of all calls of a program, in order."""
    lines = [
        line.split()
        for block in blocks((folder / DOCUMENT).read_text(encoding="utf-8"))
        for line in block.text.splitlines()
        if block.language == "bash"
    ]
    return [words[1:] for words in lines if words[0] == program]


def copy_project(to: Path) -> None:
    """Copy the project as it is, with compiled files, so that it starts quickly."""
    shutil.copytree(ROOT, to, ignore=_LEFT_OUT)


def follow(folder: Path) -> None:
    """Write all blocks into a copy of the project. Fails where a block does not fit."""
    for block in blocks((folder / DOCUMENT).read_text(encoding="utf-8")):
        if block.language == "diff":
            _change(folder / block.file, block.text)
        elif block.language != "bash":
            assert block.file, f"which file is this?\n{block.text}"
            assert not (folder / block.file).exists(), f"{block.file} is there already"
            (folder / block.file).write_text(block.text, encoding="utf-8")


def _change(path: Path, diff: str) -> None:
    lines = diff.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
    after = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
    text = path.read_text(encoding="utf-8")
    assert f"\n{text}".count(f"\n{before}") == 1, f"{path.name} does not hold just once:\n{before}"
    path.write_text(f"\n{text}".replace(f"\n{before}", f"\n{after}")[1:], encoding="utf-8")
