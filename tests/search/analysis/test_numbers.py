"""Numbers that are one thing together never meet what one of their parts means alone."""

import time

import pytest

from search.analysis.analysers import analyser

GERMAN = analyser("de")

DATES = "17.12.2026", "14.05.2025", "22.01.2025", "14.5.25", "14. 5. 2025", "2025-05-14", "14/05/2025", "14-05-2025"
ELSE = (
    *DATES, "14.5.", "14.05.", "14.05", "am 14. 5. beginnt es", "21. April 2027", "21 April 2027", "21. Dez.",
    "14.-16. Mai", "14. und 15. Mai 2027", "14.–16.5.2025", "14. bis 16. Mai", "2025-05-14T09:30", "05/2025", "5.2025",
    "9:30 Uhr", "9.30 Uhr", "09:30", "9 Uhr", "14 Uhr", "9-12 Uhr", "9 bis 12 Uhr", "9.30–12 Uhr", "10:15",
    "0341 12 34 56", "(03 41) 12 34 56", "0341/12 34 56-12", "+49 341 12 34 56", "+49 (0)341 12 34-12", "03 41 12 34 56",
    "3,5", "1.234,5", "3.5", "3.11.2", "v1.2", "1:1", "1:25", "§ 4", "§ 4c (2)", "§§ 4, 5 und 6", "§ 35a",
    "Artikel 24", "Art. 3", "Abs. 2", "Absatz 12", "978-3-497", "978-3-", "978 3 497", "3-497", "3-16-148410-X", "3-16-148410",
    "2024/25", "2024-25", "2024–25", "Schuljahr 2024/2025",
)  # fmt: skip


def words(text: str) -> str:
    return GERMAN.text(text).words


def terms(text: str) -> str:
    return GERMAN.text(text).terms


def numbers(text: str) -> set[str]:
    """Everything a text is found by that could be the number of a network."""
    return {
        found for found in terms(text).replace("+", "").replace("~", "").split() if found.isdigit() and len(found) < 4
    }


@pytest.mark.parametrize("text", ELSE)
def test_no_part_of_a_date_time_or_decimal_is_a_number_of_its_own(text):
    assert numbers(text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", {"12"}),
        ("KoopV 12", {"12"}),
        ("Verbund 12.", {"12"}),
        ("KoopV 12, 14 und 16", {"12", "14", "16"}),
        ("KoopV 12 Mai 2027", {"12"}),
        ("KoopV 12, 9:30 Uhr", {"12"}),
        ("4. Klasse", {"4"}),
        ("Klasse 4", {"4"}),
        ("1.-4. Klasse", {"1", "4"}),
        ("1./2. Klasse", {"1", "2"}),
        ("1., 2. und 3. Klasse", {"1", "2", "3"}),
        ("1. 2. 3.", {"1", "2", "3"}),
        ("der 1. und 2. Klasse", {"1", "2"}),
        ("Klasse 5-6", {"5", "6"}),
        ("Klassen 3,4", {"3", "4"}),
        ("Klassen 1,2,3", {"1", "2", "3"}),
        ("Klasse 3/4", {"3", "4"}),
        ("Klassen 1 bis 4", {"1", "4"}),
        ("Klasse 4 Mai 2025", {"4"}),
        ("5 bis 6 Jahre", {"5", "6"}),
        ("12 % der 24 Kinder", {"12", "24"}),
        ("1-2-3-Methode", {"1", "2", "3"}),
        ("KoopV 12, 14. Mai 2027", {"12"}),
        ("Klasse 4 und 5. Mai", {"4"}),
        ("0 1 2 3", {"0", "1", "2", "3"}),
        ("04109 12", {"12"}),
    ],
)
def test_a_number_that_stands_alone_stays_one(text, expected):
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *((date, "14.05.2025") for date in DATES[3:]),
        ("14.5.", "14.05."),
        ("14.5.", "14.05"),
        ("9:30 Uhr", "09.30 Uhr"),
        ("14 Uhr", "14:00 Uhr"),
        ("0341 123456", "(03 41) 12 34 56"),
        ("0341/123456", "+49 341 12 34 56"),
        ("0341-123456", "+49 (0)341 123456"),
        ("2024/25", "2024/2025"),
        ("05/2025", "5.2025"),
        ("§ 4", "§4"),
        ("1.000", "1000"),
        ("978-3-16-148410-0", "9783161484100"),
        ("3-16-148410-X", "316148410X"),
        ("14., 15. und 16. Mai", "14.5. 15.5. und 16.5. Mai"),
    ],
)
def test_ways_to_write_a_number_meet(one, other):
    assert words(one) == words(other)


def test_a_typed_date_meets_the_date_written_out_and_its_month_and_year():
    typed = GERMAN.read("21.04.2027")[0]
    written = terms("am 21. April 2027").split()
    assert set(typed.parts) <= set(written)
    assert {"+april", "+2027", "+21.4."} <= set(terms("21.04.2027").split())


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("21.04.2027", "Am 21.4.2027 um 9 Uhr", "Am <mark>21.4.2027</mark> um 9 Uhr"),
        ("21.04.2027", "Am 21. April 2027", "Am <mark>21</mark>. <mark>April</mark> <mark>2027</mark>"),
        ("KoopV 21", "Am 21. April im KoopV 21", "Am 21. April im <mark>KoopV</mark> <mark>21</mark>"),
        (
            "12",
            "Um 12 Uhr, § 12, Tel. 0341 12 34 56, KoopV 12",
            "Um 12 Uhr, § 12, Tel. 0341 12 34 56, KoopV <mark>12</mark>",
        ),
        ("0341 123456", "Tel. (0341) 12 34 56.", "Tel. <mark>(0341) 12 34 56</mark>."),
    ],
)
def test_what_is_marked_is_what_is_found(query, text, expected):
    assert GERMAN.marker(GERMAN.words(query)).highlight(text) == expected


@pytest.mark.parametrize(
    "piece", ["01 ", "(01 ", "+49 1 ", "978 ", "978-1", "01-", "14. und ", "§ 1 (1)", "1.1", "1,1", "1-", "1/"]
)
def test_no_row_of_numbers_takes_more_time_than_its_length(piece):
    begun = time.process_time()
    GERMAN.read(piece * (60_000 // len(piece)) + "x")
    assert time.process_time() - begun < 10
