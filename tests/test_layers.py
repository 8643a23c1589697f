"""The rooms hold: who may import whom, one door a folder, no circles, nothing too large, no way around by strings.

What does not hold yet stands in EXCEPTIONS by name and reason. The list may only shrink: an entry that is no longer
needed fails the test as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.layers import DOORS, EXCEPTIONS, MAY_IMPORT, OPEN_FOLDERS, SEARCH_MAY_IMPORT

ROOT = Path(__file__).resolve().parent.parent

MOST_LINES = 400
MOST_MODULES = 15

ENGINE_LIBRARIES = {"tantivy", "elasticsearch", "elastic_transport"}


def sources(app: str) -> list[Path]:
    """Return the Python files of an app, migrations apart."""
    return sorted(path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def module_of(path: Path) -> str:
    """Return the dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def modules() -> dict[str, Path]:
    """Return all modules of the site by their names."""
    return {module_of(path): path for app in MAY_IMPORT for path in sources(app)}


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and module of every import, those inside functions and for type checkers included.

    `from package import module` names the module.
    """
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = "." * node.level + (node.module or "")
            for alias in node.names:
                full = f"{package}.{alias.name}"
                yield node.lineno, full if full in modules() else package
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            yield from ((node.lineno, str(arg.value)) for arg in node.args if isinstance(arg, ast.Constant))


def check(rule: str, found: Iterator[str] | list[str]) -> None:
    """Fail for each sin that is no exception, and for each exception that is no sin any more."""
    sins, known = set(found), set(EXCEPTIONS.get(rule, {}))
    assert sorted(sins - known) == [], f"{rule}: not allowed"
    assert sorted(known - sins) == [], f"{rule}: no longer needed in EXCEPTIONS"


def test_every_app_has_its_place_in_the_layers() -> None:
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps == set(MAY_IMPORT), "a new app needs a row in tests/layers.py and in docs/architecture.md"


def test_no_app_imports_upward() -> None:
    def found() -> Iterator[str]:
        for app, allowed in MAY_IMPORT.items():
            for path in sources(app):
                for _, module in imports(path):
                    other = module.split(".")[0]
                    if other in MAY_IMPORT and other not in allowed | {app}:
                        yield f"{module_of(path)} > {module}"

    check("apps", found())


def test_no_string_reaches_into_a_higher_app() -> None:
    """Model names, template-free module names and paths through `related_model` are imports by another name."""
    reference = re.compile(rf"^({'|'.join(MAY_IMPORT)})\.[A-Z]\w+$")

    def found() -> Iterator[str]:
        for app, allowed in MAY_IMPORT.items():
            for path in sources(app):
                for node in ast.walk(tree_of(path)):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        match = reference.match(node.value)
                        if match and match[1] not in allowed | {app}:
                            yield f"{module_of(path)} > {node.value}"
                    elif isinstance(node, ast.Attribute) and node.attr == "related_model" and app != "core":
                        yield f"{module_of(path)} > related_model"

    check("strings", found())


def room_of(module: str) -> str:
    """Return the room of `search` in which a module lies; the files beside the rooms are rooms of their own."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_the_steps_of_the_search_go_one_way() -> None:
    def found() -> Iterator[str]:
        for path in sources("search"):
            here = room_of(module_of(path))
            for _, module in imports(path):
                there = room_of(module)
                if module.startswith("search.") and there != here and there not in SEARCH_MAY_IMPORT.get(here, set()):
                    yield f"{module_of(path)} > {module}"

    check("search", found())


def test_a_folder_is_entered_by_its_door() -> None:
    """A folder's door is its models' package, or the modules named for it; folders of single subjects are open."""

    def found() -> Iterator[str]:
        for name, path in modules().items():
            for _, module in imports(path):
                if module not in modules() or module == name:
                    continue
                folder = module.rpartition(".")[0] if modules()[module].name != "__init__.py" else module
                # Below their door, models are entered by whoever stands beside them in their app: the door would be a circle.
                around = folder.removesuffix(".models")
                inside = name == around or name.startswith(f"{around}.")
                if inside or folder.count(".") == 0 or folder in OPEN_FOLDERS:
                    continue
                doors = {folder} if folder.endswith(".models") else DOORS.get(folder, set())
                if module not in doors:
                    yield module

    check("doors", found())


def test_no_file_imports_itself_by_way_of_others() -> None:
    graph = {
        name: {module for _, module in imports(path) if module in modules() and module != name}
        for name, path in modules().items()
    }
    check("circles", (" ".join(sorted(circle)) for circle in circles(graph)))


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Return the strongly connected parts of a graph with more than one node (Tarjan 1972, without recursion)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in graph:
        stack = [(start, iter(sorted(graph[start])))]
        if start in seen:
            continue
        seen.add(start)
        while stack:
            node, following = stack[-1]
            step = next((other for other in following if other not in seen), None)
            if step is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(step)
                stack.append((step, iter(sorted(graph[step]))))
    reverse: dict[str, set[str]] = {name: set() for name in graph}
    for name, others in graph.items():
        for other in others:
            reverse[other].add(name)
    found, done = [], set()
    for start in reversed(order):
        part, waiting = set(), [start]
        while waiting:
            node = waiting.pop()
            if node not in done:
                done.add(node)
                part.add(node)
                waiting += reverse[node]
        if len(part) > 1:
            found.append(part)
    return found


def test_no_file_is_longer_than_one_subject_needs() -> None:
    check("lines", (name for name, path in modules().items() if len(path.read_text().splitlines()) > MOST_LINES))


def test_no_folder_holds_more_than_can_be_seen_at_once() -> None:
    folders: dict[str, int] = {}
    for path in modules().values():
        if path.name != "__init__.py":
            folder = ".".join(path.parent.relative_to(ROOT).parts)
            folders[folder] = folders.get(folder, 0) + 1
    check("modules", (folder for folder, count in folders.items() if count > MOST_MODULES))


def test_packages_hold_no_code_beside_the_doors_of_models() -> None:
    found = (
        name
        for name, path in modules().items()
        if path.name == "__init__.py" and path.read_text().strip() and not name.endswith(".models")
    )
    check("packages", found)


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_no_app_imports_the_tests_or_docs(app: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources(app)
        for line, module in imports(path)
        if module.split(".")[0] in {"tests", "docs"}
    ]
    assert found == []


def test_only_the_engines_know_an_engine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for app in MAY_IMPORT
        for path in sources(app)
        if (ROOT / "search" / "engines") not in path.parents
        for line, module in imports(path)
        if module.split(".")[0] in ENGINE_LIBRARIES
    ]
    assert found == []


def test_imports_name_their_module_in_full() -> None:
    """A relative import would hide from the tests above."""
    found = [module_of(path) for path in modules().values() for _, name in imports(path) if name[:1] == "."]
    assert found == []


def test_the_test_sees_imports_inside_functions_and_blocks(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "import a.b\nif TYPE_CHECKING:\n    from c import d\ndef f():\n    from e.f import g\n"
        "    importlib.import_module('h.i')\nfrom . import j\n"
    )
    assert sorted(module for _, module in imports(path)) == [".", "a.b", "c", "e.f", "h.i"]


def test_the_test_sees_circles() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a", "e"}, "e": set()}
    assert circles(graph) == [{"a", "b", "c"}]
