"""Read the entries of a catalogue without gettext's tools, so that a fresh clone can be checked without them."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from tests.catalogues.visitors import Message

_TEXT = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:"[^\n]*"\n?)+)', re.MULTILINE)


class Entry(NamedTuple):
    """A string with its translations, one for each form."""

    message: Message
    forms: tuple[str, ...]
    block: str


def entries(text: str) -> list[Entry]:
    """Return the entries of a catalogue, without its head and what is obsolete."""
    found = []
    for block in text.split("\n\n"):
        texts = [(name, "".join(map(ast.literal_eval, lines.splitlines()))) for name, lines in _TEXT.findall(block)]
        if texts and texts[0][1]:
            known = dict(texts)
            forms = tuple(form for name, form in texts if name.startswith("msgstr"))
            found.append(Entry(Message(known["msgid"], known.get("msgid_plural", "")), forms, block))
    return found
