"""Signed, expiring links: what a mail to somebody without an account carries, so that its holder may do one thing.

Nothing is stored. A token names its purpose by the salt, so one for a confirmation cannot withdraw anything, and holds
the key of what it is for and the second of its end. It lies in no table either: the mail is made when it is sent
(`core.mails.strangers`). Signed is not secret: whoever has a token can read its key.
"""

from __future__ import annotations

import datetime
import time

from django.conf import settings
from django.core import signing
from django.urls import reverse

PATH = "link"
"""Where every such address begins: logs cut what follows the purpose (`config.logs`, nginx's template)."""

_SEPARATOR = "."


class Unusable(Exception):
    """A link that opens nothing."""


class Expired(Unusable):
    """A link of ours whose time is over."""


class Forged(Unusable):
    """A link that we did not sign, or not for this purpose."""


def make(purpose: str, key: str, lifetime: datetime.timedelta) -> str:
    """Return a token for one purpose and key, which ends after `lifetime`; it fits into a path."""
    return _signer(purpose).sign_object([key, int(time.time() + lifetime.total_seconds())])


def read(purpose: str, token: str) -> str:
    """Return the key of a token. Raises Expired or Forged."""
    try:
        key, end = _signer(purpose).unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise Forged from error
    if time.time() > end:
        raise Expired
    return str(key)


def address(purpose: str, key: str, lifetime: datetime.timedelta) -> str:
    """Return the whole address of a new link, for a mail; its view is registered by `signed_link_views.register`."""
    return settings.BASE_URL + reverse(url_name(purpose), args=[make(purpose, key, lifetime)])


def url_name(purpose: str) -> str:
    """Return the name under which the address of a purpose is registered."""
    return f"link_{purpose}"


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"core.signed_links.{purpose}", sep=_SEPARATOR)
