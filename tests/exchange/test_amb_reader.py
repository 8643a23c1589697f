"""The reader: JSON lines and arrays, whole or damaged, in pieces of any size."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importing.rows import Row, UnreadableFile
from core.importing.source import Source
from exchange.amb.reader import ROW_LIMIT, read_rows

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=4), max_size=6)


def rows(data: bytes | str, **options: int) -> list[Row[Any]]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_rows(io.BytesIO(raw), **options))


def values(found: list[Row[Any]]) -> list[object]:
    return [row.value for row in found]


@given(records=RECORDS, chunk=st.integers(1, 40), ascii_only=st.booleans(), windows=st.booleans())
def test_json_lines_come_back_as_written_whatever_the_chunk_size(records, chunk, ascii_only, windows):
    end = "\r\n" if windows else "\n"
    found = rows(end.join(json.dumps(r, ensure_ascii=ascii_only) for r in records), chunk_size=chunk)
    assert values(found) == records
    assert [row.number for row in found] == [row.line for row in found]


@given(records=RECORDS, chunk=st.integers(1, 40), indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_an_array_comes_back_as_written_whatever_chunk_size_and_layout(records, chunk, indent, ascii_only):
    found = rows(json.dumps(records, indent=indent, ensure_ascii=ascii_only), chunk_size=chunk)
    assert values(found) == records
    assert not any(row.problem for row in found)


@given(data=st.binary(max_size=200), chunk=st.integers(1, 50))
def test_no_bytes_whatsoever_stop_the_reader(data, chunk):
    try:
        found = rows(data, chunk_size=chunk)
    except UnreadableFile:
        assert data[:2] in (b"\xff\xfe", b"\xfe\xff")
        return
    assert [row.number for row in found] == list(range(1, len(found) + 1))


def test_a_byte_order_mark_and_blank_lines_are_no_records():
    found = rows(b'\xef\xbb\xbf\r\n\r\n{"a": 1}\r\n   \r\n{"a": 2}\r\n')
    assert [(row.number, row.line, row.value) for row in found] == [(1, 3, {"a": 1}), (2, 5, {"a": 2})]


@pytest.mark.parametrize("data", ["", "\n\n", "[]", " [ ] ", "\ufeff[]"])
def test_an_empty_file_has_no_records(data):
    assert rows(data) == []


def test_a_broken_line_is_reported_with_its_number_and_reading_goes_on():
    found = rows('{"a": 1}\n\n{"a": \n{"a": 3}\n')
    assert [(row.line, row.value) for row in found] == [(1, {"a": 1}), (3, None), (4, {"a": 3})]
    assert "JSON" in found[1].problem
    assert not found[2].problem


def test_a_line_that_is_not_utf8_is_reported_and_reading_goes_on():
    found = rows(b'{"a": "\xe4"}\n{"a": 2}\n')
    assert "UTF-8" in found[0].problem
    assert found[1].value == {"a": 2}


def test_a_utf16_file_is_refused_as_a_whole():
    with pytest.raises(UnreadableFile, match="UTF-8"):
        rows('{"a": 1}\n'.encode("utf-16"))


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999", "1" * 5000, "[" * 100_000])
def test_values_that_no_database_stores_are_no_json(text):
    found = rows('{"a": ' + text + '}\n{"b": 1}\n')
    assert found[0].problem
    assert found[1].value == {"b": 1}


def test_a_line_beyond_ten_megabytes_is_skipped_without_being_kept():
    assert ROW_LIMIT == 10 * 1024 * 1024

    class Endless(io.RawIOBase):
        """Twelve megabytes of one line, then a good one; hands out what is asked for, never all."""

        left = 12 * 1024 * 1024
        rest = b'\n{"a": 2}\n'

        def read(self, size: int = -1) -> bytes:
            assert 0 < size <= 1024 * 1024
            if self.left:
                size = min(size, self.left)
                self.left -= size
                return b"x" * size
            rest, self.rest = self.rest, b""
            return rest

    found = list(read_rows(Endless()))
    assert [(row.line, bool(row.problem), row.value) for row in found] == [(1, True, None), (2, False, {"a": 2})]
    assert str(ROW_LIMIT) in found[0].problem


def test_a_line_of_exactly_the_limit_is_read():
    line = '{"a": "xx"}'
    assert values(rows(f"{line}\n", limit=len(line))) == [{"a": "xx"}]
    assert rows(f"{line}\n", limit=len(line) - 1)[0].problem


def test_an_overlong_element_of_an_array_costs_only_itself():
    found = rows('[{"a": 1},\n{"a": "%s"},\n{"a": 3}]' % ("x" * 200), limit=50, chunk_size=7)
    assert [(row.line, row.value) for row in found] == [(1, {"a": 1}), (2, None), (3, {"a": 3})]


@pytest.mark.parametrize(
    "broken",
    ['{"a": nope}', '{"a": 1]', '{"a" 1}', "{'a': 1}", '"\\', "{]", '{"a": "\t"}'],
)
def test_a_broken_element_of_an_array_costs_only_itself(broken):
    found = rows('[\n{"a": 1},\n' + broken + ',\n{"a": 3}\n]')
    assert [row.line for row in found] == [2, 3, 4]
    assert [row.value for row in found] == [{"a": 1}, None, {"a": 3}]
    assert found[1].problem


@pytest.mark.parametrize("broken", ['{"a": "ohne Ende}', '{"a": {"b": 1', '{"a": [1, 2}, {', "[[["])
def test_an_element_that_never_closes_costs_only_its_line(broken):
    found = rows('[\n  {"a": 1},\n  ' + broken + ',\n  {"a": 3},\n    {"a": "tiefer"},\n  {"a": 5}\n]\n')
    good = [(row.line, row.value) for row in found if not row.problem]
    assert good == [(2, {"a": 1}), (4, {"a": 3}), (6, {"a": 5})]
    assert [row.line for row in found if row.problem][:2] == [3, 5]


def test_brackets_and_quotes_inside_strings_do_not_cut_an_array():
    records = [{"a": 'x"],[{\\'}, {"b": "\\"}]
    for size in (1, 3, 1000):
        assert values(rows(json.dumps(records), chunk_size=size)) == records


@pytest.mark.parametrize(
    ("text", "count"),
    [('[{"a": 1}, {"a": 2}', 2), ('[{"a": 1},', 1), ('[{"a": 1}, {"a": [', 1), ('[{"a": 1}] {"a": 2}', 1)],
)
def test_an_array_that_ends_wrongly_is_reported_after_what_could_be_read(text, count):
    found = rows(text)
    assert sum(row.value is not None for row in found) == count
    assert found[-1].problem


def test_a_comma_before_the_closing_bracket_is_forgiven_one_between_commas_is_not():
    assert values(rows('[{"a": 1},]')) == [{"a": 1}]
    assert [bool(row.problem) for row in rows('[{"a": 1},,{"a": 2}]')] == [False, True, False]


def test_the_whole_file_has_been_read_at_its_last_record():
    data = b'\xef\xbb\xbf{"a": 1}\n{"a": 2}\n'
    source = Source(io.BytesIO(data), len(data))
    positions = [source.position for _row in read_rows(source, chunk_size=5)]
    assert positions[0] < positions[-1] == source.size
