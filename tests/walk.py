"""`python tests/walk.py [--checkout FOLDER] [--data FOLDER] [ADDRESS …]`: the way of a request through our modules.

From the view to the call that renders; Django, libraries and templates apart. Each function counts once, at its first
call, so a loop is no detour. A stay is an unbroken row of such functions of one module; a return is a stay in a
module that the request had already left. Beside it the same by rooms: a folder below an app is one room, for it is
entered by its door, and a module that stands in none is a room of its own. Nothing of the project is imported but Django's set-up, so that any
checkout can be walked: `git worktree add` brings one.
"""

from __future__ import annotations

import argparse
import os
import sys
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

ADDRESSES = (
    "/suche/?q=lesen",
    "/suche/?q=sachaufgaben+f%C3%BCr+leseschwache+4+klasse&focus=lernen&audience=lehrkraefte",
    "/suche/?q=legastenie+%22leichte+Sprache%22",
    "/suche/?q=qqxyzzy+silbenbote",
)


class Walk:
    """Notes the modules that a request comes through."""

    def __init__(self, root: Path) -> None:
        self.root = str(root) + os.sep
        self.seen: set[Any] = set()
        self.modules: list[str] = []

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        """Note a function of ours at its first call."""
        code = frame.f_code
        if event != "call" or code in self.seen or not code.co_filename.startswith(self.root):
            return
        if code.co_name.startswith("<") and code.co_name != "<lambda>":
            return
        name = code.co_filename.removeprefix(self.root)
        if not name.startswith((".venv", "tests")):
            self.seen.add(code)
            self.modules.append(name)

    @property
    def stays(self) -> list[str]:
        """Return the modules in their order, once for each stay."""
        return [module for module, _ in groupby(self.modules)]

    @property
    def rooms(self) -> list[str]:
        """Return the rooms in their order, once for each stay."""
        return [room for room, _ in groupby(map(_room, self.modules))]


def _room(module: str) -> str:
    parts = module.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else module


def _returns(stays: list[str]) -> int:
    """Return how many stays are in what was left before."""
    return len(stays) - len(set(stays))


class _RendersError(Exception):
    """Ends a request where its answer would be rendered."""


def walked(root: Path, address: str) -> Walk:
    """Return the way of a request for an address; the second one, since the first fills what a process keeps."""
    from django.test import RequestFactory
    from django.urls import resolve

    def rendered(*arguments: Any, **named: Any) -> None:
        raise _RendersError

    path = address.partition("?")[0]
    view, arguments, named = resolve(path)
    module = sys.modules[view.__module__]
    module.render = rendered
    walk = Walk(root)
    for profile in (None, walk):
        request = RequestFactory().get(address)
        request.LANGUAGE_CODE = "de"
        sys.setprofile(profile)
        try:
            view(request, *arguments, **named)
        except _RendersError:
            pass
        finally:
            sys.setprofile(None)
    return walk


def main() -> None:
    """Print stays and returns of each address, and the way itself on demand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("addresses", nargs="*", default=ADDRESSES)
    parser.add_argument("--checkout", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--data", type=Path, help="data folder of a site with an index; else FUNDUS_DATA_DIR, var")
    parser.add_argument("--way", action="store_true", help="print the modules in their order")
    options = parser.parse_args()
    root = options.checkout.resolve()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if options.data:
        os.environ["FUNDUS_DATA_DIR"] = str(options.data.resolve())
    os.chdir(root)
    sys.path[0] = str(root)
    import django

    django.setup()
    print(f"{'modules':>8} {'stays':>6} {'returns':>8} {'rooms':>6} {'stays':>6} {'returns':>8}  address")
    for address in options.addresses:
        walk = walked(root, address)
        stays, rooms = walk.stays, walk.rooms
        print(
            f"{len(set(stays)):>8} {len(stays):>6} {_returns(stays):>8} "
            f"{len(set(rooms)):>6} {len(rooms):>6} {_returns(rooms):>8}  {address}"
        )
        if options.way:
            print("\n".join(f"         {module}" for module in stays))


if __name__ == "__main__":
    main()
