"""Reads docker-compose.yml as Compose does: YAML with merged maps, then variables in each value.

Source: https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.states import ROOT

FILE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / ".env.example"
_NAME = re.compile(r"\w+")


class UnsetError(ValueError):
    """A variable that the file insists on has no value."""


def variables(path: Path = FILE) -> set[str]:
    """Return the names of all variables that the file reads from outside."""
    return set(re.findall(r"(?<!\$)\$\{(\w+)", path.read_text(encoding="utf-8")))


def example(path: Path = EXAMPLE) -> dict[str, str]:
    """Return the values of the example of an .env file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def load(values: Mapping[str, str], path: Path = FILE) -> dict[str, Any]:
    """Return the file with `values` filled in. Raises UnsetError when one is missing that it asks for."""
    from ruamel.yaml import YAML

    return _filled(YAML(typ="safe").load(path), values)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, values) for inner in value]
    return interpolate(value, values) if isinstance(value, str) else value


def interpolate(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with `${NAME}`, `${NAME:-default}` and `${NAME:?message}` filled in and `$$` as one."""
    found, position = [], 0
    while position < len(text):
        if text.startswith("$$", position):
            found.append("$")
            position += 2
        elif text.startswith("${", position):
            end = _end(text, position + 2)
            found.append(_value(text[position + 2 : end], values))
            position = end + 1
        else:
            found.append(text[position])
            position += 1
    return "".join(found)


def _end(text: str, position: int) -> int:
    depth = 1
    while depth:
        if text.startswith("${", position):
            depth += 1
        elif text[position] == "}":
            depth -= 1
        position += 1
    return position - 1


def _value(expression: str, values: Mapping[str, str]) -> str:
    name = _NAME.match(expression)
    assert name is not None, expression
    rest = expression[name.end() :]
    value = values.get(name[0], "")
    if rest.startswith(":?") and not value:
        raise UnsetError(f"{name[0]}: {rest[2:]}")
    if rest.startswith("-"):
        return values.get(name[0], rest[1:])
    assert rest.startswith((":?", ":-")) or not rest, f"{expression!r} is a form this reader does not know"
    return interpolate(rest[2:], values) if rest.startswith(":-") and not value else value


def image_environment() -> dict[str, str]:
    """Return the variables that the Dockerfile sets."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = re.findall(r"^ENV (.+)$", text, re.M)
    return dict(pair.split("=", 1) for line in lines for pair in shlex.split(line))


def image_command() -> list[str]:
    """Return the command that the Dockerfile sets."""
    found = re.search(r"^CMD (\[.+\])$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert found is not None
    command: list[str] = json.loads(found[1])
    return command
