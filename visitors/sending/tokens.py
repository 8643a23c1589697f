"""Signed tokens of visitors' forms: which form, and when its page was shown. Nothing is stored, and no cookie is set.

A token may be used again until it is too old: whoever goes back to send a second report sends the same page. To
refuse that, each use would have to be stored, and nobody would be held up, since a new token is one request away.
"""

from __future__ import annotations

import time
from enum import Enum, auto

from django.core import signing

YOUNGEST = 3
"""Seconds from showing a form to sending it: a person needs longer, most programs do not."""

OLDEST = 24 * 60 * 60
"""Seconds for which a form may stay open in the browser."""

SALT = "visitors.sending"


class Token(Enum):
    """What is to be thought of a token."""

    GOOD = auto()
    MISSING = auto()
    FORGED = auto()
    """Not signed by us, or for another form."""
    TOO_YOUNG = auto()
    TOO_OLD = auto()


def issue(form: str, age: int = 0) -> str:
    """Return a token for a form, as if its page had been shown `age` seconds ago."""
    return signing.Signer(salt=SALT).sign_object([form, int(time.time()) - age])


def read(form: str, token: str) -> Token:
    """Return what is to be thought of a token that came with a form."""
    if not token:
        return Token.MISSING
    try:
        named, shown = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return Token.FORGED
    if named != form:
        return Token.FORGED
    age = time.time() - shown
    return Token.TOO_YOUNG if age < YOUNGEST else Token.TOO_OLD if age > OLDEST else Token.GOOD
