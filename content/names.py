"""Names of people and groups, taken apart for citations: who is sorted by a family name, and by which.

A name says itself what it is where its source did (`Name`); any other is turned only if it is surely a person's, because
a group torn apart is worse than a person left as written. Particles stay with the given name, as in DIN ISO 690 for
German names; written large they belong to the family name (Le Pen, Zum Felde).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core.declared.reference import Name

_GROUP = re.compile(
    r"(?:(?<![a-zäöüß])kita|agentur|akademie|aktion|amt|arbeitskreis|ausschuss|beirat|bund|büro|caritas|diakonie|dienst|elternrat|fakultät"
    r"|forum|förderkreis|freunde|gemeinschaft|gesellschaft|gruppe|hilfe|hilfswerk|initiative|institut|kindergarten"
    r"|kommission|landkreis|lehrstuhl|medien|ministerium|museum|netzwerk|portal|projekt|redaktion|runde|schule|schülerrat"
    r"|selbsthilfe|(?:beratungs|fach|geschäfts|koordinierungs|leit|service)stelle|stiftung|team|union|universität|verband|verbund|verein|vereinigung|verlag|werkstatt|zentrale"
    r"|zentrum)(?![a-zäöüß])",
    re.IGNORECASE,
)
"""Words that mark a group, not a person; a word ending in one counts too (Klangwerkstatt, Landesamt)."""

_GROUP_START = re.compile(
    r"(?:die|der|das|deutsche|europäische|evangelische|freie|internationale|katholische|landes|rote|sächsische|stadt"
    r"|stadtwerke|verein(?:igte|te))(?:[nrs]?)(?![a-zäöüß])",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(r"(?<!\w)(?:e\. ?V\.|eV|e\. ?G\.|eG|AG|KG|OHG|g?GmbH|g?UG|mbH|Ltd\.?|Inc\.?)(?!\w)")
_ACRONYM = re.compile(r"(?<!\w)(?!III\b)[A-ZÄÖÜ]{3,}(?!\w)")

_PARTICLES = {
    *("von", "vom", "van", "der", "den", "dem", "des", "zu", "zum", "zur", "und", "ter", "ten", "te", "de", "del", "della"),
    *("di", "da", "do", "dos", "das", "du", "la", "le", "af", "av", "v."),
}  # fmt: skip
_LARGE = {
    *("Al", "Am", "Da", "De", "Del", "Della", "Den", "Di", "Dos", "Du", "El", "Im", "La", "Le", "Li", "Lo", "Mac", "Mc"),
    *("Ní", "Ó", "San", "St.", "Ten", "Ter", "Van", "Vom", "Von", "Zu", "Zum", "Zur"),
}  # fmt: skip
_JOINING = {"y", "i", "e"}
"""What joins both halves of a Spanish, Catalan or Portuguese family name."""

_SUFFIX = re.compile(r"(?:jr|jun|sr|sen)\.?|junior|senior|I{2,3}|IV", re.IGNORECASE)
_SIGNS = set(".'’ʼ-‐\u2011·")

MOST_GIVEN = 2
"""Most given names that are written out, where nobody says that it is a person."""

MOST_WORDS = 7


@dataclass(frozen=True, slots=True)
class Person:
    """The parts of a person's name, as CSL has them; all but the family name may be empty."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    def family_first(self) -> str:
        """Return the name as lists of literature sort it."""
        given = " ".join(part for part in (self.given, self.particle) if part)
        return ", ".join(part for part in (self.family, given, self.suffix) if part)


def person(name: str | Name) -> Person | None:
    """Return the parts of a person's name; None for a group, and for what cannot surely be taken apart."""
    text = unicodedata.normalize("NFC", " ".join(str(name).split()))
    said = isinstance(name, Name)
    if isinstance(name, Name):
        if name.is_group:
            return None
        if name.family and (known := _with_family(text, name.family)):
            return known
    if not said and (
        _GROUP.search(text) or _GROUP_START.match(text) or _LEGAL_FORM.search(text) or _ACRONYM.search(text)
    ):
        return None
    before, comma, after = text.partition(", ")
    if comma and not _SUFFIX.fullmatch(after):
        family, *rest = text.split(", ")
        if len(rest) == 2 and _SUFFIX.fullmatch(rest[0]):
            rest.reverse()
        return Person(family, rest[0], suffix=" ".join(rest[1:])) if all(rest) and len(rest) < 3 else None
    words = before.split()
    suffix = after
    if not suffix and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    start, end = _family(words)
    found = Person(" ".join(words[end:]), " ".join(words[:start]), " ".join(words[start:end]), suffix)
    if (
        not 1 < len(words) <= MOST_WORDS
        or words[0] in _PARTICLES
        or not all(_is_name(word) for word in (*words[:start], *words[end:]))
    ):
        return None
    return found if said or _is_surely_one(words[:start], words[end:]) else None


def _with_family(text: str, family: str) -> Person | None:
    """Return the parts of a name whose family name is known, if it stands in it."""
    family = unicodedata.normalize("NFC", " ".join(family.split()))
    if not text.casefold().endswith(f" {family.casefold()}"):
        return None
    words = family.split()
    place = next((at for at, word in enumerate(words) if word not in _PARTICLES), 0)
    given = text[: len(text) - len(family)].split()
    while len(given) > 1 and given[-1] in _PARTICLES:
        words, place = [given.pop(), *words], place + 1
    return Person(" ".join(words[place:]), " ".join(given), " ".join(words[:place]))


def _family(words: list[str]) -> tuple[int, int]:
    """Return where the particles begin and where the family name does."""
    for place, word in enumerate(words):
        if place and word in _PARTICLES:
            end = next((at for at in range(place, len(words)) if words[at] not in _PARTICLES), len(words) - 1)
            return place, end
        if place and word in _LARGE and place < len(words) - 1:
            return place, place
        if place > 1 and word in _JOINING and place < len(words) - 1:
            return place - 1, place - 1
    return len(words) - 1, len(words) - 1


def _is_name(word: str) -> bool:
    """Return whether a word may be part of a name; scripts without capitals give no hint of their order."""
    if word in _JOINING or word in _PARTICLES:
        return True
    letters = [sign for sign in word if sign not in _SIGNS and not unicodedata.category(sign).startswith("M")]
    if not letters or not all(sign.isalpha() and unicodedata.category(sign) != "Lo" for sign in letters):
        return False
    # A small d' or al- leads a capital: d'Alembert, al-Hassan.
    return letters[0].isupper() or letters[0].istitle() or bool(re.match(r"[a-z]{1,2}['’-][^\W\d_]", word))


def _is_surely_one(given: list[str], family: list[str]) -> bool:
    written = [word for word in given if not (word.endswith(".") and len(word) < 10) and len(word) > 1]
    return bool(given) and len(written) <= MOST_GIVEN and (len(family) == 1 or family[0] in _LARGE or "y" in family)
