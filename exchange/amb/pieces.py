"""The value of one record of a file, or why it has none; decoding is strict, and the same for every layout of a file."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Piece:
    """The value of one record, or the reason there is none."""

    line: int
    value: Any = None
    problem: str = ""


def too_long(limit: int) -> str:
    """Return the problem of a record that is longer than the limit."""
    return _("länger als %(limit)s Byte") % {"limit": limit}


def decode(data: bytes) -> tuple[Any, str]:
    """Return the JSON value and no problem, or None and the problem."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, _("kein gültiges UTF-8 (Byte %(byte)s)") % {"byte": error.start + 1}
    try:
        return json.loads(text.strip(" \t\r\n\ufeff"), parse_constant=_refuse, parse_float=_finite), ""
    except json.JSONDecodeError as error:
        return None, _("kein gültiges JSON (Zeichen %(place)s: %(detail)s)") % {
            "place": error.pos + 1,
            "detail": error.msg,
        }
    except (ValueError, RecursionError) as error:
        return None, _("kein gültiges JSON (%(detail)s)") % {"detail": error}


def _refuse(name: str) -> float:
    """Refuse NaN and Infinity: Python reads them, but no database stores them as JSON."""
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
