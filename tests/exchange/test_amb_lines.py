"""Records below each other in any layout: one a line, over several lines, both in one file, whole or damaged."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.amb.reader import read_rows
from tests.exchange.test_amb_reader import RECORDS

RECORD = {"id": "https://x.org/1", "name": "A {[", "about": [{"id": 'x"}'}, {"id": "\\"}], "leer": {}}


def read(data: str, **options: int) -> list[tuple[int, Any, bool]]:
    """Return line, value and whether there is a problem, of each record."""
    return [(row.line, row.value, bool(row.problem)) for row in read_rows(io.BytesIO(data.encode()), **options)]


def values(data: str, **options: int) -> list[Any]:
    found = read(data, **options)
    assert not any(problem for _line, _value, problem in found), found
    return [value for _line, value, _problem in found]


@given(
    records=RECORDS,
    chunk=st.integers(1, 40),
    indent=st.sampled_from([0, 1, 4, "\t"]),
    between=st.sampled_from(["\n", "\n\n", ",\n", "\r\n", " ", "", ", "]),
)
def test_records_over_several_lines_come_back_as_written(records, chunk, indent, between):
    data = between.join(json.dumps(record, indent=indent, ensure_ascii=False) for record in records)
    assert values(data, chunk_size=chunk) == records


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(RECORD, indent=2),
        json.dumps(RECORD, indent=2).replace("\n", "\r\n"),
        "\ufeff" + json.dumps(RECORD, indent="\t") + "\n\n",
        "\n\n" + json.dumps(RECORD, indent=0),
        json.dumps(RECORD).replace(", ", ",\n"),
        "{\n" + json.dumps(RECORD)[1:],
        "\n".join("    " + line for line in json.dumps(RECORD, indent=2).splitlines()),
    ],
)
def test_one_record_over_several_lines_is_one_record(data):
    assert values(data) == [RECORD]


def test_lines_are_told_where_a_record_begins():
    data = json.dumps(RECORD, indent=2)
    height = data.count("\n") + 1
    found = read(f"{data}\n\n{data}\n" + '{"a": 1}\n')
    assert [line for line, _value, _problem in found] == [1, height + 2, 2 * height + 2]


def test_layouts_may_follow_each_other_in_one_file():
    data = '{"a": 1}\n{\n  "a": 2\n}\n{"a": 3}{"a": 4}\n{"a": 5}, {"a": 6\n}\n'
    assert [value["a"] for value in values(data)] == [1, 2, 3, 4, 5, 6]


DAMAGED = [
    '{"a": "ohne Ende\n',
    '{"a": [1, 2\n',
    '{"a": {"b": 1}\n',
    "{\n",
    '{\n  "a": 1\n',
    '{\n  "a": [\n    {\n      "b": 1\n    }\n',
    '{\n  "a": 1,,\n}\n',
    '{\n  "a": "ohne Ende,\n  "b": 2\n}\n',
    '{"a": 1} und mehr\n',
    '"nur Text"\n{"a":\n',
]


@pytest.mark.parametrize("damaged", DAMAGED)
@pytest.mark.parametrize("good", ['{"a": 1}\n', '{\n  "a": 1\n}\n'])
def test_a_damaged_record_costs_only_itself_in_either_layout(damaged, good):
    found = read(good + damaged + good + good)
    assert [value for _line, value, _problem in found if value == {"a": 1}] == [{"a": 1}] * 3
    height = good.count("\n")
    bad = [line for line, _value, problem in found if problem]
    assert bad
    assert all(height < line <= height + damaged.count("\n") for line in bad)


def test_two_damaged_lines_below_each_other_are_two_records():
    found = read('{"a": 1}\n{"a": \n{"a": [\n{"a": 4}\n')
    assert [(line, problem) for line, _value, problem in found] == [(1, False), (2, True), (3, True), (4, False)]


def test_a_record_over_several_lines_beyond_the_limit_costs_only_itself():
    long = "{\n" + '  "x": "yyyyyyyy",\n' * 20 + '  "z": 1\n}\n'
    good = '{"a": 1}\n'
    found = read(good + long + good, limit=100)
    assert [value for _line, value, _problem in found if value] == [{"a": 1}, {"a": 1}]
    assert found[1][0] == 2
    assert found[1][2]


@pytest.mark.parametrize("data", ['{"a":1}' * 20_000, "{\n" * 20_000, '{"a":\n' * 20_000, '{"a": "' + "{" * 200_000])
def test_no_layout_makes_reading_slow(data):
    start = time.process_time()
    read(data)
    assert time.process_time() - start < 5
