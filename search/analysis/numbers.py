"""Numbers that form one unit: dates, times, decimals, telephone numbers, paragraphs, the beginning of an ISBN.

Split up, each would contain a number that means something else: 14.05. is not network 14, and § 4 is not class 4. So
each becomes one word whose spelling contains a sign, so that no bare number equals it. A date is also found by its
day, month and year. Numbers on their own (12, 4. Klasse, Klasse 5-6, Klasse 3/4) stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_SHORT = ("jan", "feb", "mär", "mrz", "apr", "jun", "jul", "aug", "sep", "sept", "okt", "nov", "dez")
_NUMBER_OF = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | {
    "maerz": 3, "jan": 1, "feb": 2, "mär": 3, "mrz": 3, "apr": 4, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "sept": 9, "okt": 10, "nov": 11, "dez": 12,
}  # fmt: skip

CENTURY = 70
"""Two-digit years from here on belong to the last century."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a number is found by: one spelling (`§§ 4, 5` has two), and parts that also match it."""

    lemmas: tuple[str, ...]
    parts: tuple[str, ...] = ()


_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_NAME = rf"(?:{'|'.join(MONTHS)}|Maerz)\b"
_NAME_OR_SHORT = rf"(?:{_NAME}|(?:{'|'.join(_SHORT)})\b)"
_TO = r"[ ]?(?:[-\u2010\u2011–/]|bis|und|u\.)[ ]?"
_AND = rf"(?:\.?{_TO}|\.,[ ]?)"
_CLOCK = r"\d{1,2}(?:[:.]\d\d)?"
_COUNTED = "".join(
    rf"(?<!{before}[ ])" for before in ("klasse", "klassen", "stufe", r"kl\.", "koopv", "verbund", r"nr\.")
)

_DASHES = r"\-\u2010-\u2015\u2212"

_NUMBER = re.compile(
    rf"""
    (?<!\w)(?<!\d[.,:/])(?=[0-9§+v(])(?:
    # 978-3-497, 978 3 497; of ten digits 3-497-…
      (?P<isbn> 97[89](?:[ {_DASHES}]\d+){{1,5}} | \d{{1,5}}(?:[{_DASHES}]\d+){{2}}[{_DASHES}][\dx] | \d-\d{{3,}}(?:-\d+)? | \d-\d\d-\d{{3,}} )(?:-(?!\w))?(?![\w-])
    | (?P<issn> (?<=\bISSN[ :])\d{{4}}[{_DASHES}]?\d{{3}}[\dx] | (?<=\bISSN:[ ])\d{{4}}[{_DASHES}]?\d{{3}}[\dx] | (?!{_YEAR}-{_YEAR})\d{{4}}-\d{{3}}[\dx] )(?![\w-])
    | (?P<doi> 10\.\d{{4,9}}/[^\s"<>“”„«»]*\w )
    | (?P<iso> {_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))
        (?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])
    | (?P<date> {_DAY}\.(?:[ ]?{_MONTH}\.[ ]?{_YEAR}|{_MONTH}\.\d\d) | {_DAY}/{_MONTH}/(?:{_YEAR}|\d\d)
        | {_DAY}-{_MONTH}-{_YEAR} )(?![\w/-]{{0,3}}\w)
    # 9.30 Uhr, 9 Uhr, 9–12 Uhr, 9:30
    | (?P<time> {_CLOCK}(?=[ ]?Uhr\b) | {_COUNTED}{_CLOCK}(?={_TO}{_CLOCK}[ ]?Uhr\b)
        | (?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\w:]) )
    # 14.–16.5., 14. und 15. Mai
    | {_COUNTED}(?P<first> {_DAY})
        (?=(?:{_AND}{_DAY}){{0,2}}{_AND}(?P<of_day>{_DAY})\.[ ]?(?:(?P<of>{_MONTH})\.(?!\d{{3}}\b)|(?P<of_name>{_NAME_OR_SHORT})))
    | (?P<day> {_DAY}\.{_MONTH}\.(?!\d) | (?<!\d\.[ ]){_DAY}\.[ ]{_MONTH}\.(?![ ]?\d|[ ]Klasse)
        | {_DAY}\.(?:0[1-9]|1[0-2])(?![\w,:]|\.\d) )
    | (?P<named> {_DAY})(?=\.[ ]?(?P<name>{_NAME_OR_SHORT})) | {_COUNTED}(?P<bare> {_DAY})(?=[ ](?P<bare_name>{_NAME}))
    | (?P<month> {_MONTH}[./]{_YEAR} | (?:0[1-9]|1[0-2])-{_YEAR} )(?![\w/-]{{0,3}}\w)
    | (?P<years> {_YEAR}(?:[ ]?/[ ]?|[-\u2010\u2011–])(?:{_YEAR}|\d\d))(?![\w/-]{{0,3}}\w)
    | (?P<law> §§?[ ]?\d+[a-z]?(?:[ ]?\(\d+\)){{0,3}}(?:(?:,[ ]?|[ ](?:und|bis|oder)[ ]|[ ]?[-–][ ]?)\d+[a-z]?(?![\w.])){{0,20}} )(?!\w)
    | (?P<clause> (?:(?<=\bAbs\.[ ])|(?<=\bAbsatz[ ])|(?<=\bArt\.[ ])|(?<=\bArtikel[ ])) \d{{1,3}}[a-z]? )(?!\w)
    | (?P<phone> (?:\+\d\d[ ]?(?:\(0\)[ ]?)?|00\d\d[ ])[1-9]?\d*(?:[ ]?[ /()-][ ]?\d+){{0,7}}(?!\w)
        | (?:\(0[1-9][\d ]{{0,5}}\)|0[1-9]\d{{0,4}}|0[1-9][ ]\d\d(?=[ ]?[/-]))(?=(?:[ /()-]{{0,3}}\d){{3,20}}(?!\w))
          (?: [ ]?[/-][ ]?\d{{2,}}(?:[ -]\d+){{0,7}} | (?<=\))[ ]?\d{{2,}}(?:[ -]\d+){{0,7}}
            | [ ](?=(?:[ -]?\d){{5,20}}(?![\w])) \d{{2,}}(?:[ -]\d+){{0,7}} ) (?!\w) )
    | (?P<times> \d{{1,4}}(?:[ ]?[x×✕✖][ ]?\d{{1,4}}){{1,2}} )(?![\w.,]\w)(?!\w)
    | (?P<version> v\d+(?:\.\d+)+ | \d+(?:\.\d+)+(?![\w,]) )(?!\w)
    | (?P<decimal> \d+(?:\.\d{{3}})*,\d+ )(?![\w,:/]{{0,3}}\d)(?!\w)
    | (?P<ratio> \d+:\d+ | \d+(?:/\d+){{2,7}} | \d+/\d{{3,}} | \d{{3,}}/\d+ )(?![\w:/]{{0,3}}\w)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LIST = re.compile(r"(?:klassen?|kl\.|stufen?|jahrgang|jahrgänge[n]?) ?\Z", re.IGNORECASE)
_LOOKING_AROUND = frozenset({"issn", "time", "first", "named", "bare", "clause"})


def readings(text: str) -> Iterator[tuple[re.Match[str], Reading]]:
    """Return the numbers of a text that form one unit, in order, each with what it is found by."""
    for match in _NUMBER.finditer(text):
        if (reading := _read(match)) is not None:
            yield match, reading


def needs_neighbours(text: str) -> bool:
    """Return whether a number in the text can only be read together with its neighbours."""
    return any(
        " " in match[0] or not _LOOKING_AROUND.isdisjoint(_kinds(match)) or _read(match) is None
        for match in _NUMBER.finditer(text)
    )


def _kinds(match: re.Match[str]) -> list[str]:
    return [kind for kind in _READERS if match[kind] is not None]


def _read(match: re.Match[str]) -> Reading | None:
    (kind,) = _kinds(match)
    return _READERS[kind](match)


def _one(lemma: str, *parts: str) -> Reading:
    return Reading((lemma,), parts)


def _digits(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", text)]


def _full_year(year: int) -> int:
    return year if year > 99 else year + (1900 if year >= CENTURY else 2000)


def _date(day: int, month: int, year: int) -> Reading:
    year = _full_year(year)
    return _one(f"{year}-{month:02}-{day:02}", f"{day}.{month}.", _month_name(month), str(year))


def _month_name(month: int) -> str:
    return MONTHS[month - 1].lower().replace("ä", "ae")


def _month(match: re.Match[str]) -> Reading:
    month, year = _digits(match["month"])
    return _one(f"{month}.{year}", _month_name(month), str(year))


def _isbn(match: re.Match[str]) -> Reading:
    digits = re.sub(rf"[ {_DASHES}]", "", match["isbn"]).lower()
    # Anything too short for an ISBN keeps its signs, so that it does not equal a number.
    return _one(digits if len(digits) >= 10 else re.sub(r"[ -]+", "-", match["isbn"]))


def _issn(match: re.Match[str]) -> Reading | None:
    """Return an ISSN in digits; without the word before it, the check digit tells it from two other numbers."""
    digits = re.sub(rf"[{_DASHES}]", "", match["issn"]).lower()
    total = sum((8 - place) * (10 if digit == "x" else int(digit)) for place, digit in enumerate(digits))
    named = match.string[: match.start()].rstrip(" :").lower().endswith("issn")
    return _one(digits) if named or total % 11 == 0 else None


def _iso(match: re.Match[str]) -> Reading:
    year, month, day = _digits(match["iso"])
    return _date(day, month, year)


def _time(match: re.Match[str]) -> Reading:
    hour, minute, *_seconds = [*_digits(match["time"]), 0]
    return _one(f"{hour}:{minute:02}")


def _first(match: re.Match[str]) -> Reading | None:
    if int(match["first"]) >= int(match["of_day"]):
        return None
    month = int(match["of"]) if match["of"] else _NUMBER_OF[match["of_name"].lower()]
    return _one(f"{int(match['first'])}.{month}.")


def _day(match: re.Match[str]) -> Reading:
    day, month = _digits(match["day"])
    return _one(f"{day}.{month}.")


def _named(match: re.Match[str]) -> Reading:
    day, name = (match["named"], match["name"]) if match["named"] else (match["bare"], match["bare_name"])
    return _one(f"{int(day)}.{_NUMBER_OF[name.lower()]}.")


def _years(match: re.Match[str]) -> Reading:
    first, second = _digits(match["years"])
    # 2024-05 is a month; 2024-25 and 2011-12 are two years.
    if 0 < second <= 12 and "/" not in match["years"] and second != (first + 1) % 100:
        return _one(f"{second}.{first}", _month_name(second), str(first))
    second = second if second > 99 else first // 100 * 100 + second
    return _one(f"{first}/{second}", str(first), str(second))


def _law(match: re.Match[str]) -> Reading:
    named = [one.lower() for one in re.findall(r"\d+[a-z]?", re.sub(r"\(\d+\)", "", match["law"]), re.IGNORECASE)]
    return Reading(tuple(f"§{one}" for one in named), tuple(one for one in named if not one.isdecimal()))


def _clause(match: re.Match[str]) -> Reading:
    before = match.string[: match.start()].rstrip(" .").lower()
    return _one(f"{'abs' if before.endswith(('abs', 'absatz')) else 'art'}.{match['clause'].lower()}")


def _phone(match: re.Match[str]) -> Reading:
    text = re.sub(r"^(?:\+|00)49[ ]?(?:\(0\))?[ ]?", "0", match["phone"])
    groups = re.findall(r"\d+", text)
    # A group may be searched for alone, unless it is so short that it could be the number of something else.
    return _one("tel." + "".join(groups), *(group for group in groups if len(group) > 3))


def _times(match: re.Match[str]) -> Reading:
    return _one("x".join(re.findall(r"\d+", match["times"])))


def _version(match: re.Match[str]) -> Reading:
    text = match["version"].lower()
    # 1.000 is a thousand.
    return _one(text.replace(".", "") if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", text) else text)


def _decimal(match: re.Match[str]) -> Reading | None:
    # Klassen 3,4 are two numbers.
    return None if _LIST.search(match.string, 0, match.start()) else _one(match["decimal"].replace(".", ""))


_READERS: dict[str, Callable[[re.Match[str]], Reading | None]] = {
    "isbn": _isbn,
    "issn": _issn,
    "doi": lambda match: _one(match["doi"].lower()),
    "iso": _iso,
    "date": lambda match: _date(*_digits(match["date"])),
    "time": _time,
    "first": _first,
    "day": _day,
    "named": _named,
    "bare": _named,
    "month": _month,
    "years": _years,
    "law": _law,
    "clause": _clause,
    "phone": _phone,
    "times": _times,
    "version": _version,
    "decimal": _decimal,
    "ratio": lambda match: _one(match["ratio"]),
}
