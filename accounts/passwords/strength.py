"""How hard a password is to guess for somebody who knows German words, keyboards and this site.

The cheapest way to build it from words, years, keyboard runs and repetitions is looked for; its cost in bits is the
strength. A rule such as "a digit and a capital" would be kept by `Sommer2026!!`, which is guessed within seconds.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator

LEAST_BITS = 36.0
"""What two common words with a year and punctuation do not reach, three words or twelve chance letters do."""

LEAST_LENGTH, MOST_LENGTH = 12, 128
"""Signs; the settings give the lower to Django's own validator, too."""

_WORD, _COMMON, _YEAR, _RUN, _REPEAT, _LETTER, _DIGIT, _SIGN = 11.0, 13.0, 6.0, 6.0, 2.0, 4.7, 3.3, 5.0
_CAPITAL, _LEET, _SAME = 1.0, 1.5, 1.0
_SPELT = str.maketrans("0134578@$", "oleastbas")
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ROWS = (
    "qwertzuiopü",
    "asdfghjklöä",
    "yxcvbnm",
    "qwertyuiop",
    "zxcvbnm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qayxswedcvfrtgbnhzujmkiolp",
    "1qay2wsx3edc4rfv5tgb6zhn7ujm8ik9ol0p",
)
_LEAST_RUN = 3


@cache
def words() -> dict[str, float]:
    """Return the words that guessers try first, each with its cost."""
    # Django's twenty thousand are from all over the world; ours are German.
    known = {word: _COMMON for word in CommonPasswordValidator().passwords if len(word) > 3}
    own = (Path(__file__).parent / "data" / "words.txt").read_text(encoding="utf-8")
    for line in own.splitlines():
        if not line.startswith("#"):
            for word in line.split():
                known[word] = known[word.translate(_PLAIN)] = _WORD
    return known


def bits(password: str, own: tuple[str, ...] = ()) -> float:
    """Return the cost of guessing a password, in bits; `own` are words of the site and of the account."""
    text = password.lower()
    plain = text.translate(_SPELT)
    known = words() | {word.lower(): _WORD for word in own if len(word) >= 3}
    best = [0.0] + [float("inf")] * len(text)
    for start in range(len(text)):
        if best[start] == float("inf"):
            continue
        for end, cost in _parts(password, text, plain, start, known):
            best[end] = min(best[end], best[start] + cost)
    return best[-1]


def _parts(password: str, text: str, plain: str, start: int, known: dict[str, float]) -> list[tuple[int, float]]:
    """Return where parts that begin at `start` end, with their costs."""
    found = [(start + 1, _single(text, start))]
    for end in range(start + 3, min(len(text), start + 24) + 1):
        capitals = _CAPITAL * (password[start:end] != text[start:end])
        if (cost := known.get(text[start:end])) is not None:
            found.append((end, cost + capitals))
        elif (cost := known.get(plain[start:end])) is not None:
            found.append((end, cost + capitals + _LEET))
        if _is_run(text[start:end]):
            found.append((end, _RUN + capitals))
    for length in range(1, start + 1):
        again = text[start : start + length]
        if len(again) == length and again == text[start - length : start]:
            found.append((start + length, _REPEAT))
        backwards = text[start - length : start][::-1]
        if length > 2 and again == backwards:
            found.append((start + length, _REPEAT + _SAME))
    if match := re.compile(r"(19|20)\d\d|[0-3]?\d[.]?[01]?\d[.]?(19|20)\d\d").match(text, start):
        found.append((match.end(), _YEAR + (6.0 if match.end() - start > 4 else 0.0)))
    return found


def _single(text: str, start: int) -> float:
    sign = text[start]
    if start and sign == text[start - 1]:
        return _SAME
    return _DIGIT if sign.isdecimal() else _LETTER if sign.isalpha() else _SIGN


def _is_run(part: str) -> bool:
    """Return whether a part goes along a row of the keyboard or the alphabet, either way."""
    return len(part) >= _LEAST_RUN and any(part in row or part[::-1] in row for row in _ROWS)
