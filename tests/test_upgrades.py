"""What we use of others without their promise stands in docs/upgrades.md, and is still there.

The first half finds such uses in the code and compares them with the page; the second half are guards for those that no
other test would miss.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import tantivy
import wagtail
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models.fields.files import FieldFile
from django.template import engines
from django.template.base import Origin, Template
from django.template.loader_tags import BlockNode, ExtendsNode
from django.urls import resolve

from media.models import Document
from media.viewsets import DocumentEditView, DocumentIndexView
from tests.layers import MAY_IMPORT

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "upgrades.md").read_text(encoding="utf-8")
TEMPLATES = ROOT / "templates"
ADMIN = Path(wagtail.__file__).parent / "admin"

DOCUMENTED = {"_meta", "_default_manager", "_replace", "_asdict", "_exit", "_getframe"}
"""Private by their looks alone: the manuals of Django and Python explain them."""

REACHING = {"getattr", "hasattr", "setattr", "delattr"}


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    below = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]
    table = [line for line in below.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table[2:]]


def listed(heading: str, column: int = 0) -> set[str]:
    """Return the code words in a column of a table."""
    return {word for row in rows(heading) for word in re.findall(r"`([^`]+)`", row[column])}


@cache
def trees() -> dict[str, ast.Module]:
    """Return the syntax tree of each of our files."""
    files = [path for app in MAY_IMPORT for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def is_private(name: object) -> bool:
    """Tell whether a name is marked as nobody else's business."""
    return isinstance(name, str) and re.match(r"_[a-zA-Z]", name) is not None and name not in DOCUMENTED


def our_names() -> set[str]:
    """Return all private names that our code makes: of functions, classes, variables and attributes of `self`."""
    names: set[str] = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.alias(asname=str(name)):
                    names.add(name)
                case ast.Name(id=name, ctx=ast.Store()):
                    names.add(name)
                case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                    names.add(name)
    return names


def private_uses() -> Iterator[tuple[str, str]]:
    """Yield file and name of each private part of others that our code touches, also by `super()` or as a string."""
    ours = our_names()
    for file, tree in trees().items():
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=name) if is_private(name):
                    yield file, name
                case ast.Attribute(attr=name) if is_private(name) and name not in ours:
                    yield file, name
                case ast.Call(func=ast.Name(id=called), args=[_, ast.Constant(value=name), *_]):
                    if called in REACHING and is_private(name) and name not in ours:
                        yield file, name
                case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] not in MAY_IMPORT:
                    parts = [*module.split("."), *(one.name for one in names)]
                    yield from ((file, part) for part in parts if is_private(part))


def changes_to_others() -> Iterator[str]:
    """Yield what our code sets on classes and modules that it imports from others."""
    for tree in trees().values():
        imported: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] not in MAY_IMPORT:
                imported |= {one.asname or one.name for one in node.names}
            elif isinstance(node, ast.Import):
                imported |= {(one.asname or one.name).split(".")[0] for one in node.names}
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=ast.Name(id=owner), attr=name, ctx=ast.Store() | ast.Del()):
                    found = f"{owner}.{name}"
                case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=owner), ast.Constant(value=name), *_]):
                    found = f"{owner}.{name}"
                case _:
                    continue
            if owner in imported:
                yield found


# The page ------------------------------------------------------------------------------------


def test_private_names_of_others_are_listed_with_the_files_that_use_them() -> None:
    allowed = json.loads(re.sub(r"^\s*//.*$", "", (ROOT / ".oxlintrc.json").read_text(), flags=re.M))
    in_scripts = set(allowed["rules"]["no-underscore-dangle"][1]["allow"])
    in_code = set(private_uses())
    assert {name for _, name in in_code} | in_scripts <= listed("Private names")
    table = {word: row for row in rows("Private names") for word in re.findall(r"`([^`]+)`", row[0])}
    assert {(file, name) for file, name in in_code if f"`{file}`" not in table[name][2]} == set()


def test_private_names_that_nothing_uses_any_more_are_not_listed() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "static" / "js" / "admin").glob("*.js"))
    used = {name for _, name in private_uses()} | set(re.findall(r"\b_\w+", scripts))
    assert listed("Private names") - used == set()


def test_classes_and_modules_of_others_that_we_change_are_listed() -> None:
    found = set(changes_to_others())
    assert "SpreadsheetExportMixin.write_csv_row" in found
    assert found - listed("Changed in place") == set()


def test_templates_of_others_that_we_replace_are_listed() -> None:
    ours = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs()]
    assert {name for name in ours if any((folder / name).exists() for folder in folders)} == listed(
        "Templates of others"
    )


def test_files_and_guards_that_the_page_names_exist() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert {name for name in named if f"def {name}(" not in tests} == set()
    files = set(re.findall(r"`([a-z_]+/[\w/]+\.(?:py|js))`", PAGE))
    assert {name for name in files if not (ROOT / name).is_file()} == set()
    for heading in re.findall(r"^## (.+)$", PAGE, re.M)[1:]:
        assert [row[0] for row in rows(heading) if "`test_" not in row[-1]] == []


# Guards --------------------------------------------------------------------------------------


def test_a_file_tells_that_it_is_not_stored_yet() -> None:
    document = Document(title="Neu", collection_id=1, file=ContentFile(b"neu", name="neu.txt"))
    assert isinstance(document.file, FieldFile)
    assert document.file._committed is False
    assert Document(title="Alt", collection_id=1, file="documents/alt.txt").file._committed is True


@pytest.mark.django_db
def test_a_transaction_tells_what_is_to_be_done_after_it() -> None:
    def later() -> None: ...

    with transaction.atomic():
        transaction.on_commit(later)
        assert [callback[1] for callback in connection.run_on_commit if callback[1] is later] == [later]
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("script", "names"),
    [
        (
            "vendor/tag-it.js",
            "_create _findTagByLabel _tags _updateSingleTagsField assignedTags createTag preprocessTag tagInput tagLabel",
        ),
        ("vendor/jquery.datetimepicker.js", "DateFormatter scrollInput setDateFormatter validateOnBlur"),
        ("core.js", 'w-autosave w-session w-swap submitPromise dispatch("save" dispatch("ping" dispatch("json"'),
    ],
)
def test_the_scripts_of_the_admin_have_what_ours_hold_on_to(script: str, names: str) -> None:
    text = (ADMIN / "static" / "wagtailadmin" / "js" / script).read_text(encoding="utf-8")
    assert [name for name in names.split() if name not in text] == []


def test_the_template_of_tag_fields_is_the_one_that_ours_was_written_from() -> None:
    theirs = (ADMIN / "templates" / "wagtailadmin" / "widgets" / "tag_widget.html").read_text(encoding="utf-8")
    assert theirs.split("\n")[:2] == [
        "{% include 'django/forms/widgets/text.html' %}",
        '<p class="help">{{ widget.help_text }}</p>',
    ]


def blocks_of(template: Template) -> set[str]:
    """Return the names of all blocks in a template and in those that it extends."""
    return {node.name for node in template.nodelist.get_nodes_by_type(BlockNode)}


def theirs(name: str) -> Template | None:
    """Return a template as Wagtail ships it, whatever of ours has its name."""
    for config in apps.get_app_configs():
        path = Path(config.path) / "templates" / name
        if path.exists():
            engine = engines["django"].engine
            return Template(path.read_text(encoding="utf-8"), Origin(str(path), name), name, engine)
    return None


def blocks_above(template: Template) -> set[str]:
    """Return the names of the blocks that a template may fill: those of all that it extends."""
    found: set[str] = set()
    for node in template.nodelist.get_nodes_by_type(ExtendsNode):
        parent = theirs(node.parent_name.resolve({}))
        if parent is not None:
            found |= blocks_of(parent) | blocks_above(parent)
    return found


def extending_wagtail() -> list[str]:
    """Return the names of our templates that extend one of Wagtail's."""
    paths = [path for path in TEMPLATES.rglob("*.html") if '{% extends "wagtail' in path.read_text(encoding="utf-8")]
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in paths)


@pytest.mark.parametrize("name", extending_wagtail())
def test_every_block_that_we_fill_in_a_template_of_wagtail_is_there(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    template = Template(source, Origin(name, name), name, engines["django"].engine)
    (extends,) = template.nodelist.get_nodes_by_type(ExtendsNode)
    filled = {node.name for node in extends.nodelist if isinstance(node, BlockNode)}
    assert filled
    assert filled - blocks_above(template) == set()


def test_our_views_of_documents_stand_at_wagtails_addresses() -> None:
    places = {"/admin/documents/": DocumentIndexView, "/admin/documents/edit/1/": DocumentEditView}
    for address, view in places.items():
        assert resolve(address).func.view_class is view
    from wagtail.documents.admin_urls import urlpatterns

    names = {pattern.name: str(pattern.pattern) for pattern in urlpatterns}
    assert names["index"] == ""
    assert names["edit"] == "edit/<int:document_id>/"


def test_tantivy_names_the_format_of_its_files() -> None:
    assert re.search(r", index_format v\d+$", tantivy.__version__)


def test_no_process_builds_the_api_that_is_not_served() -> None:
    ready = {found.name: inspect.getsource(type(found).ready) for found in apps.get_app_configs()}
    building = {name for name, source in ready.items() if name.startswith("wagtail") and "api.v3" in source}
    assert building == {
        "wagtail.contrib.redirects",
        "wagtail.documents",
        "wagtail.images",
        "wagtail.locales",
        "wagtail.snippets",
    }
    assert {name for name in sys.modules if name.startswith("wagtail.api.v3.")} == {"wagtail.api.v3.api"}, (
        "the empty one"
    )
