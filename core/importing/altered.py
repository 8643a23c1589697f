"""What a spreadsheet program has made of a value: cells whose text is no longer what somebody typed.

A shortened number or a day that once was `1-2` cannot be restored, so such a cell is refused with the way out, never
guessed: a wrong key would make a second school.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_SHORTENED = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]\d{2,3}", re.IGNORECASE)
_MONTH = (
    "Jan(?:uar)?|Feb(?:ruar)?|Mrz|März?|Mar|Apr(?:il)?|Mai|May|Juni?|Juli?|Aug(?:ust)?|Sept?(?:ember)?|O[kc]t(?:ober)?"
    "|Nov(?:ember)?|De[zc](?:ember)?"
)
_DAY = re.compile(
    rf"\d{{1,2}}\.\d{{1,2}}\.(?:\d{{2}}|\d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/(?:\d{{2}}|\d{{4}})"
    rf"|\d{{1,2}}(?:\. ?|-| )(?:{_MONTH})\.?(?:[ -]\d{{2,4}})?|(?:{_MONTH})\.?[ -]\d{{2,4}}",
    re.IGNORECASE,
)
_FORMATTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,2}(?:[\xa0\u202f]\d{3})+|\d{3,}\.0")
"""A number shown with dots, or made one with a fraction, that was a key."""

_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?$")
_ERROR = re.compile(
    r"#(?:NV|N/A|BEZUG!|REF!|WERT!|VALUE!|NAME\?|DIV/0!|ZAHL!|NUM!|NULL!|ÜBERLAUF!|SPILL!|#+)", re.IGNORECASE
)
_KEPT = re.compile(r'="([^"]*)"')
_PROTECTED = re.compile(r"'(?=[=+\-@0-9\u2212])")


def typed(text: str) -> str:
    """Return a cell without the signs by which people and programs keep a spreadsheet from computing it."""
    text = text.strip(" \t\r\n\xa0\u200b\ufeff")
    if match := _KEPT.fullmatch(text):
        return match[1].strip()
    return _PROTECTED.sub("", text, count=1) if text.startswith("'") else text


def alteration(text: str, *, is_day: bool = False) -> str:
    """Return what a program has done to a value, and how to undo it; empty if nothing can be seen.

    `is_day` says that a date is what the cell is for.
    """
    if _SHORTENED.fullmatch(text):
        return _("„%(text)s“ ist eine gekürzte Zahl: Spalte als Text formatieren und neu eintragen") % {"text": text}
    if not is_day and _DAY.fullmatch(_CLOCK.sub("", text)):
        return _("„%(text)s“ ist ein Datum: Spalte als Text formatieren und neu eintragen") % {"text": text}
    if _FORMATTED.fullmatch(text):
        return _("„%(text)s“ ist eine formatierte Zahl: Spalte als Text formatieren und neu eintragen") % {"text": text}
    if _ERROR.fullmatch(text):
        return _("„%(text)s“ ist die Fehlermeldung einer Formel") % {"text": text}
    return ""
