"""ISBN check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.output import identifiers

stems = st.text("0123456789", min_size=9, max_size=9)


@given(stems)
def test_isbn_10_and_13_of_the_same_book_lead_to_each_other(stem: str) -> None:
    long = next(f"978{stem}{check}" for check in "0123456789" if identifiers.is_valid(f"978{stem}{check}"))
    short = identifiers.spellings(long)[1]
    assert identifiers.is_valid(short)
    assert identifiers.to_isbn13(short) == long
    assert set(identifiers.spellings(short)) == {long, short}


@given(stems, st.data())
def test_one_wrong_digit_is_always_noticed(stem: str, data: st.DataObject) -> None:
    long = next(f"978{stem}{check}" for check in "0123456789" if identifiers.is_valid(f"978{stem}{check}"))
    place = data.draw(st.integers(3, 12))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != long[place]]))
    assert not identifiers.is_valid(long[:place] + digit + long[place + 1 :])


@given(stems)
def test_hyphens_spaces_and_prefix_do_not_matter(stem: str) -> None:
    long = next(f"978{stem}{check}" for check in "0123456789" if identifiers.is_valid(f"978{stem}{check}"))
    assert identifiers.is_valid(f"ISBN {long[:3]}-{long[3]}-{long[4:8]} {long[8:12]}–{long[12]}")


@given(st.text(max_size=30))
def test_any_text_is_either_valid_or_not(text: str) -> None:
    assert identifiers.is_valid(text) in (True, False)
    assert identifiers.spellings(text) == () or identifiers.spellings(text)[0]


@pytest.mark.parametrize("text", ["0-306-40615-2", "978-0-306-40615-7", "080442957X", "979-10-90636-07-1"])
def test_printed_examples_are_valid(text: str) -> None:
    assert identifiers.is_valid(text)


@pytest.mark.parametrize("text", ["", "0-306-40615-3", "978-0-306-40615-8", "977-0-306-40615-7", "X804429570"])
def test_others_are_not(text: str) -> None:
    assert not identifiers.is_valid(text)
    if text:
        with pytest.raises(ValueError, match="not an ISBN"):
            identifiers.to_isbn13(text)
