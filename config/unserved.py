"""Wagtail's API v3 is not served here, so no process builds it.

Five of Wagtail's apps add their parts to it in `ready()`, installed or not, with schemas of every type of page: a third of
what it takes to start a process, and 44 MB of its memory. Put in place by `config.apps`, which is readied first.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_PART = re.compile(r"wagtail(\.\w+)*\.api\.v3(\.\w+)*\Z")


class _Api:
    """Takes what apps add to the API, and forgets it."""

    def add_router(self, prefix: str, router: object) -> None:
        """Add nothing."""


def _register_content_types() -> None:
    """Register nothing."""


class _Unserved(MetaPathFinder, Loader):
    """Finds in place of each module of the API an empty one, with the names that `ready()` asks for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if _PART.match(fullname) else None

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__.update(api=_Api(), router=None, register_content_types=_register_content_types)


def leave_out() -> None:
    """Keep the API from being imported from now on."""
    sys.meta_path.insert(0, _Unserved())
