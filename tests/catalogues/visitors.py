"""Which strings visitors see, and where: the rule that decides what the catalogues hold.

The admin of Fundus is German. A file is the editors' by its place (`EDITORS`), and all its strings with it. Files that declare models and blocks
are both: there a string is the visitors' when it is a choice, an attribute that pages show, or the value of a method. Read from the syntax, because
a rule that people must remember is forgotten.
"""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = [
    "config",
    "content",
    "core",
    "directory",
    "events",
    "exchange",
    "home",
    "library",
    "media",
    "news",
    "people",
    "search",
    "visitors",
    "vocabularies",
]

EDITORS = (
    "*/admin/*",
    "*/admin.py",
    "*/admin_*.py",
    "*/editors/*",
    "*/forms/editors.py",
    "*/importers/*",
    "*/management/*",
    "*/migrations/*",
    "*/proposals.py",
    "*/reports.py",
    "*/roles.py",
    "*/viewsets.py",
    "*/wagtail_hooks.py",
    "accounts/*",
    "config/settings/*",
    "content/covered.py",
    "core/declared/admin.py",
    "core/declared/people/*",
    "core/editing/*",
    "core/importing/*",
    "core/mails/*",
    "core/models/mail.py",
    "core/models/site_settings.py",
    "core/models/version.py",
    "directory/mailboxes.py",
    "exchange/amb/*",
    "exchange/models.py",
    "library/claims.py",
    "library/forms.py",
    "media/arriving.py",
    "media/forms.py",
    "media/messages.py",
    "media/models/*",
    "media/showing/told.py",
    "people/forms.py",
    "people/models/consent.py",
    "people/models/deletion.py",
    "people/rule.py",
    "search/models/*",
    "visitors/models/*",
    "visitors/contributing/deciding.py",
    "vocabularies/forms.py",
    "vocabularies/models/concepts.py",
    "vocabularies/use.py",
    "templates/accounts/*",
    "templates/demo/*",
    "templates/wagtailadmin/*",
    "templates/wagtaildocs/*",
)
"""Files that only editors see."""

DECLARING = ("*/models.py", "*/models/*", "*/blocks.py", "*/blocks/*", "*/stream_blocks.py", "content/body.py")
"""Files that declare fields and blocks, whose names and help are the editors'."""

SHOWN = frozenset({"search_type_label", "people_word", "helps_on", "search_area", "type_labels"})
"""Attributes of a declared class that pages show."""

CHECKS = frozenset({"clean", "full_clean", "wrong", "lacks", "rows_lack", "save", "__str__"})
"""Methods that speak to whoever fills in the form."""

_FUNCTIONS = {"gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2}


class Message(NamedTuple):
    """A string in its source language, and its plural where it has one."""

    text: str
    plural: str = ""


class Found(NamedTuple):
    """Where a string stands."""

    message: Message
    file: str
    line: int


@cache
def of_visitors() -> tuple[Found, ...]:
    """Return all strings that visitors see."""
    return (*_of_templates(), *_of_code())


def is_editors(file: str) -> bool:
    """Return whether only editors see what stands in a file."""
    return any(fnmatch.fnmatch(file, pattern) for pattern in EDITORS)


def _of_templates() -> Iterator[Found]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        file = path.relative_to(ROOT).as_posix()
        if not is_editors(file):
            yield from in_template(path.read_text(encoding="utf-8"), file)


_CALL = re.compile(
    r"""\b(?P<name>_|gettext|ngettext)\(\s*u?(?P<one>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""(?:\s*,\s*u?(?P<more>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))?"""
)


def in_template(text: str, file: str) -> Iterator[Found]:
    """Return the strings of a template, as makemessages reads them."""
    code = templatize(text, origin=file)
    for call in _CALL.finditer(code):
        plural = ast.literal_eval(call["more"]) if call["more"] and call["name"] == "ngettext" else ""
        yield Found(Message(ast.literal_eval(call["one"]), plural), file, code.count("\n", 0, call.start()) + 1)


def _of_code() -> Iterator[Found]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            file = path.relative_to(ROOT).as_posix()
            if not is_editors(file):
                yield from in_code(path.read_text(encoding="utf-8"), file)


def in_code(text: str, file: str) -> Iterator[Found]:
    """Return the strings of a module that visitors see."""
    tree = ast.parse(text)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    declares = any(fnmatch.fnmatch(file, pattern) for pattern in DECLARING)
    for node, within in _with_ancestors(tree, ()):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        count = _FUNCTIONS.get(names.get(node.func.id, ""), 0)
        if not count or (declares and not _is_shown(within)):
            continue
        texts = [ast.literal_eval(argument) for argument in node.args[:count]]
        yield Found(Message(*texts), file, node.lineno)


def _with_ancestors(node: ast.AST, within: tuple[ast.AST, ...]) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    yield node, within
    for child in ast.iter_child_nodes(node):
        yield from _with_ancestors(child, (*within, node))


def _is_shown(within: tuple[ast.AST, ...]) -> bool:
    """Return whether what stands there, in a file that declares, is for visitors: the nearest place that tells decides."""
    for node in reversed(within):
        if isinstance(node, ast.FunctionDef):
            return node.name not in CHECKS and not node.name.startswith(("clean_", "_check"))
        if isinstance(node, ast.ClassDef):
            return any("Choices" in ast.unparse(base) for base in node.bases)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id in SHOWN for target in targets):
                return True
            if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "Area":
                return True
    return False
