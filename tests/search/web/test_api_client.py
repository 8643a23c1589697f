"""The description of the API, as programs read it: it tells what the form accepts, and a client made of it works."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from library.models import LibraryIndexPage
from search.web.api.endpoints import api
from tests.published import index_entries
from tests.wire import transport

NAMES = ("search", "suggest", "similar")


def operations() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return address and parameters by the name of the operation."""
    document = json.loads(json.dumps(api.get_openapi_schema()))
    return {
        found["get"]["operationId"]: (path, {one["name"]: one for one in found["get"]["parameters"]})
        for path, found in document["paths"].items()
    }


@pytest.fixture
def stock(library: LibraryIndexPage) -> LibraryIndexPage:
    """A library of three entries."""
    index_entries(
        {
            1: {"title": "Lesetandem", "topic": ["lesen"], "year": 2020, "focus": ["lernen"]},
            2: {"title": "Leselotse", "topic": ["lesen"], "year": 2021, "focus": ["sehen"]},
            3: {"title": "Rechenkette", "year": 2022, "focus": ["lernen", "sprache"]},
        }
    )
    return library


@pytest.fixture(scope="session")
def client_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client generated from the description, as a package named `fundus_client`."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(api.get_openapi_schema()), encoding="utf-8")
    # Formatting what nobody reads takes longer than making it.
    (folder / "client.yml").write_text("post_hooks: []\n", encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"]
    command += ["--path", "openapi.json", "--output-path", "fundus_client", "--config", "client.yml"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture
def calls(client_folder: Path, stock: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call an operation of the generated client on this site."""
    monkeypatch.syspath_prepend(str(client_folder))
    package = importlib.import_module("fundus_client")
    site = package.Client(base_url="http://testserver", httpx_args={"transport": transport(httpx)})

    def call(name: str, **parameters: Any) -> Any:
        module = importlib.import_module(f"fundus_client.api.default.{name}")
        return module.sync_detailed(client=site, **parameters)

    return call


# The description --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_is_called_required_if_and_only_if_a_request_without_it_is_refused(
    stock: LibraryIndexPage, name: str
) -> None:
    path, parameters = operations()[name]
    sensible = {"id": "1", "q": "lesen"}
    for left_out, described in parameters.items():
        asked = {one: value for one, value in sensible.items() if one in parameters and one != left_out}
        answer = Client().get(path, asked)
        refused = answer.status_code == 400 and left_out in {error["field"] for error in answer.json()["errors"]}
        assert refused == described["required"], left_out


def _beyond(schema: dict[str, Any]) -> list[str]:
    """Return values just outside what a schema allows."""
    values = [str(schema["minimum"] - 1)] if "minimum" in schema else []
    values += [str(schema["maximum"] + 1)] if "maximum" in schema else []
    values += ["a" * (schema["maxLength"] + 1)] if "maxLength" in schema else []
    values += ["gibtesnicht"] if schema["type"] in ("integer", "boolean", "array") or "enum" in schema else []
    return values


def _within(schema: dict[str, Any]) -> list[str]:
    """Return values just inside what a schema allows."""
    values = [
        str(schema[edge]) for edge in ("minimum", "maximum", "default") if schema.get(edge) not in (None, [], False)
    ]
    values += ["a" * schema["maxLength"]] if "maxLength" in schema else []
    return values + schema.get("enum", []) + (["true", "false"] if schema["type"] == "boolean" else [])


@pytest.mark.parametrize("name", NAMES)
def test_the_limits_in_the_description_are_those_of_the_form(stock: LibraryIndexPage, name: str) -> None:
    path, parameters = operations()[name]
    needed = {one: "1" if one == "id" else "lesen" for one, described in parameters.items() if described["required"]}

    def refused(field: str, value: str) -> bool:
        # The deepest page is within reach only with the shortest pages.
        narrow = {"page_size": "1"} if field == "page" else {}
        answer = Client().get(path, {**needed, **narrow, field: value})
        return answer.status_code == 400 and field in {error["field"] for error in answer.json()["errors"]}

    for field, described in parameters.items():
        assert _beyond(described["schema"]), field
        assert [value for value in _beyond(described["schema"]) if not refused(field, value)] == [], field
        assert [value for value in _within(described["schema"]) if refused(field, value)] == [], field


# The client -------------------------------------------------------------------------------------


def test_a_generated_client_cannot_forget_what_is_required(calls: Any) -> None:
    for name, (_, parameters) in operations().items():
        module = importlib.import_module(f"fundus_client.api.default.{name}")
        signature = inspect.signature(module.sync_detailed).parameters
        must = {one for one, found in signature.items() if found.default is inspect.Parameter.empty} - {"client"}
        assert must == {one for one, described in parameters.items() if described["required"]}, name
    with pytest.raises(TypeError):
        calls("similar")


def test_a_generated_client_reads_every_kind_of_answer(calls: Any) -> None:
    found = calls("search", focus=["lernen"], page_size=1, groups=True).parsed
    assert (found.meta.total_count, len(found.items)) == (2, 1)
    assert {facet.name for facet in found.facets} >= {"focus"}
    assert [item.title for item in calls("search", q="lesetandem").parsed.items] == ["Lesetandem"]
    assert calls("search", q="qqxyzzy").parsed.items == []
    assert [one.kind for one in calls("suggest", q="lesel").parsed.items] == ["title"]
    assert calls("similar", id=1).status_code == 200
    missing = calls("similar", id=10**6)
    assert (missing.status_code, missing.parsed.errors[0].field) == (404, "id")
    refused = calls("search", page=0, page_size=1000)
    assert (refused.status_code, {error.field for error in refused.parsed.errors}) == (400, {"page", "page_size"})
