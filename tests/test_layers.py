"""The layers hold: `config > search > home > library | directory | events | news > core`, left may import right only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MAY_IMPORT: dict[str, set[str]] = {
    "core": set(),
    "library": {"core"},
    "directory": {"core"},
    "events": {"core"},
    "news": {"core"},
    "home": {"library", "directory", "events", "news", "core"},
    "search": {"home", "library", "directory", "events", "news", "core"},
    "config": {"search", "home", "library", "directory", "events", "news", "core"},
}
"""What each app may import of the others."""

ENGINE_LIBRARIES = {"tantivy", "elasticsearch", "elastic_transport"}


def sources(app: str) -> list[Path]:
    """Return the Python files of an app."""
    return sorted((ROOT / app).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and module of every import, those inside functions and for type checkers included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            yield from ((node.lineno, str(arg.value)) for arg in node.args if isinstance(arg, ast.Constant))


def test_every_app_has_its_place_in_the_layers() -> None:
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"home", "core"}
    assert apps == set(MAY_IMPORT), "a new app needs a row in MAY_IMPORT and in docs/architecture.md"


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_no_app_imports_upward(app: str) -> None:
    forbidden = set(MAY_IMPORT) - MAY_IMPORT[app] - {app}
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources(app)
        for line, module in imports(path)
        if module.split(".")[0] in forbidden
    ]
    assert found == []


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_no_app_imports_the_tests_or_docs(app: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources(app)
        for line, module in imports(path)
        if module.split(".")[0] in {"tests", "docs"}
    ]
    assert found == []


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_only_the_engines_know_an_engine(app: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources(app)
        if (ROOT / "search" / "engines") not in path.parents
        for line, module in imports(path)
        if module.split(".")[0] in ENGINE_LIBRARIES
    ]
    assert found == []


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_imports_name_their_module_in_full(app: str) -> None:
    """A relative import would hide from the tests above."""
    found = [
        f"{path.relative_to(ROOT)}:{line}" for path in sources(app) for line, name in imports(path) if name[:1] == "."
    ]
    assert found == []


def test_the_test_sees_imports_inside_functions_and_blocks(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "import a.b\nif TYPE_CHECKING:\n    from c import d\ndef f():\n    from e.f import g\n"
        "    importlib.import_module('h.i')\nfrom . import j\n"
    )
    assert sorted(module for _, module in imports(path)) == [".", "a.b", "c", "e.f", "h.i"]
