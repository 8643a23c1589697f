"""The format of an index follows what it is declared with, in both engines: nobody has to think of it."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import make_dataclass, replace
from typing import Any

import pytest

from core.declared.searchable import Passage
from search.document import STORED, Payload
from search.engines.elasticsearch import documents
from search.engines.embedded import schema
from search.engines.format import digest, form
from search.facets.facets import FACETS
from tests.search.engines.test_contract import document
from tests.search.index.test_documents import CONTENT, build

MORE_FACETS = (*FACETS, replace(FACETS[0], name="mood"))

Fields = dict[str, Any]


def embedded(change: Callable[[Fields, Fields], object]) -> str:
    """Return the format of the embedded index after a change of its fields."""
    pages, passages = copy.deepcopy(schema.PAGE_FIELDS), copy.deepcopy(schema.PASSAGE_FIELDS)
    change(pages, passages)
    return schema.format_of(pages, passages)


def elasticsearch(change: Callable[[Fields, Fields], object]) -> str:
    """Return the format of Elasticsearch's indices after a change of their fields."""
    pages, passages = copy.deepcopy(documents.PAGES), copy.deepcopy(documents.PASSAGES)
    nested = passages["mappings"]["properties"]["passages"]["properties"]
    change(pages["mappings"]["properties"], nested)
    return documents.format_of(pages, passages)


ENGINES = [
    pytest.param(embedded, schema.FORMAT, "fast", id="embedded"),
    pytest.param(elasticsearch, documents.FORMAT, "index_options", id="elasticsearch"),
]


def options(field: Any) -> Any:
    """Return the options of a field of either engine."""
    return field if isinstance(field, dict) else field[1]


@pytest.mark.parametrize(("changed", "format", "option"), ENGINES)
def test_every_change_of_a_field_is_another_format(changed: Callable[..., str], format: str, option: str) -> None:
    changes: dict[str, Callable[[Fields, Fields], object]] = {
        "a field more": lambda pages, passages: pages.update(mood=pages["focus"]),
        "a field less": lambda pages, passages: pages.pop("focus"),
        "another name": lambda pages, passages: pages.update(mood=pages.pop("topic")),
        "another option": lambda pages, passages: options(pages["title_words"]).update({option: "other"}),
        "another kind": lambda pages, passages: pages.update(number=pages["focus"]),
        "a passage's field more": lambda pages, passages: passages.update(mood=passages["body_words"]),
        "a passage's option": lambda pages, passages: options(passages["body_terms"]).update({option: "other"}),
    }
    formats = {name: changed(change) for name, change in changes.items()}
    assert changed(lambda pages, passages: None) == format
    assert len({format, *formats.values()}) == len(changes) + 1, formats


def test_one_more_facet_is_another_format() -> None:
    assert schema.format_of(schema.page_fields(FACETS), schema.PASSAGE_FIELDS) == schema.FORMAT
    assert schema.format_of(schema.page_fields(MORE_FACETS), schema.PASSAGE_FIELDS) != schema.FORMAT
    assert documents.declared(FACETS).to_dict() != documents.declared(MORE_FACETS).to_dict()


@pytest.mark.parametrize("module", [schema, documents])
def test_what_is_stored_to_be_shown_belongs_to_the_format(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = Passage.__annotations__
    longer = make_dataclass("Passage", {**fields, "speaker": str}.items())
    retyped = make_dataclass("Passage", {**fields, "heading": int}.items())
    declared = (
        (schema.PAGE_FIELDS, schema.PASSAGE_FIELDS) if module is schema else (documents.PAGES, documents.PASSAGES)
    )
    formats = {module.FORMAT}
    for other in (longer, retyped):
        other.__module__ = Passage.__module__
        monkeypatch.setattr(module, "STORED", tuple(other if type is Passage else type for type in STORED))
        formats.add(module.format_of(*declared))
    assert len(formats) == 3


def test_a_document_stores_the_fields_that_are_declared() -> None:
    for stored in (document(1), build(CONTENT)):
        assert list(stored.payload) == list(Payload.__annotations__)


@pytest.mark.services
def test_another_process_finds_the_same_format() -> None:
    code = (
        "import django; django.setup(); "
        "from search.engines.embedded import schema; from search.engines.elasticsearch import documents; "
        "print(schema.FORMAT, documents.FORMAT)"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == [schema.FORMAT, documents.FORMAT]


def test_a_digest_knows_order_in_lists_alone() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest(["a", "b"]) != digest(["b", "a"])
    assert form((Passage,)).keys() == {"Passage"}
