"""What a PDF would do when it is opened: scripts, starting programs, and programs that lie within. Found, never followed.

A reader on the other side may be older than ours; whoever offers the file should know.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from media.extraction.bundles.listing import is_program
from media.extraction.pdf.trying import tried

MOST_PAGES, MOST_ENTRIES = 300, 300
MOST_STEPS = 50

_DOING = frozenset({"/JavaScript", "/Launch"})


def is_active(reader: Any) -> bool:
    """Return whether the file has a script, starts a program or holds one. A damaged part is taken for harmless."""
    return any(tried(partial(look, reader)) for look in (_in_catalog, _on_pages, _within))


def _in_catalog(reader: Any) -> bool:
    catalog = reader.root_object
    return "/JavaScript" in catalog.get("/Names", {}) or _acts(catalog)


def _on_pages(reader: Any) -> bool:
    for number in range(min(len(reader.pages), MOST_PAGES)):
        page = reader.pages[number]
        if _acts(page) or any(_acts(one.get_object()) for one in list(page.get("/Annots") or ())[:MOST_ENTRIES]):
            return True
    return False


def _acts(holder: Any) -> bool:
    """Return whether an object has an action that does something, by itself or when something happens to it."""
    actions = [holder.get("/OpenAction"), holder.get("/A"), *dict(holder.get("/AA") or {}).values()]
    return any(_does(action) for action in actions)


def _does(action: Any) -> bool:
    """Return whether an action, or one that follows it, does something; they may follow one another in circles."""
    waiting = [action]
    for _step in range(MOST_STEPS):
        if not waiting:
            break
        action = waiting.pop()
        action = action.get_object() if hasattr(action, "get_object") else action
        if isinstance(action, dict):
            if action.get("/S") in _DOING:
                return True
            after = action.get("/Next")
            waiting += after[:MOST_STEPS] if isinstance(after, list) else [after]
    return False


def _within(reader: Any) -> bool:
    return any(map(is_program, _names(reader)))


def _names(reader: Any) -> Iterator[str]:
    """Yield the names of embedded files, from the list of the file and of its first branches."""
    tree = reader.root_object.get("/Names", {}).get("/EmbeddedFiles", {})
    for node in (tree, *(kid.get_object() for kid in list(tree.get("/Kids") or ())[:MOST_ENTRIES])):
        for entry in list(node.get("/Names") or ())[: 2 * MOST_ENTRIES]:
            entry = entry.get_object() if hasattr(entry, "get_object") else entry
            if isinstance(entry, dict):
                yield from (str(entry[key]) for key in ("/UF", "/F") if key in entry)
