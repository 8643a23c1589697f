"""The one place where passwords of accounts are checked, whichever form, API or command asks: braked.

A view that logs in by Django's `authenticate` is braked without knowing it. `request.login_wait` says for how long, to
forms that want to tell.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from accounts.brakes import delays
from accounts.brakes.address import network_of
from accounts.brakes.delays import ACCOUNT, ADDRESS, DEVICE, Counted
from accounts.changes import is_expired
from accounts.devices import device_of
from core.models import User


def counted(request: HttpRequest | None, username: str) -> list[Counted]:
    """Return whom an attempt counts for: the browser if it has logged in to this account before, else name and address."""
    if device := device_of(request, username):
        return [Counted(DEVICE, device)]
    name = unicodedata.normalize("NFKC", username).strip().casefold()
    return [Counted(ACCOUNT, name), Counted(ADDRESS, network_of(request))]


class Braked(ModelBackend):
    """Django's own check behind the brakes."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the account. Raises PermissionDenied, which ends the search for it, if the attempt has to wait."""
        if username is None or password is None:
            return None
        whom = counted(request, username)
        wait = delays.claim(*whom)
        if wait:
            if request is not None:
                request.login_wait = wait  # type: ignore[attr-defined] # for the form
            raise PermissionDenied
        account = super().authenticate(request, username=username, password=password, **kwargs)
        if not isinstance(account, User) or is_expired(account):
            return None
        if request is not None:
            request.is_guessed_early = _is_guessed_early(password, account)  # type: ignore[attr-defined] # for the session
        for one in whom:
            # An address has others' failures on its count, too.
            (delays.forgive if one.rule is ADDRESS else delays.forget)(one)
        return account


def _is_guessed_early(password: str, account: User) -> bool:
    """Return whether a password that an account has would be refused today."""
    try:
        validate_password(password, account)
    except ValidationError:
        return True
    return False


def is_password_of(request: HttpRequest, account: User, password: str) -> tuple[bool, int]:
    """Return whether somebody who is logged in knows their password, and how long to wait before it is checked."""
    whom = Counted(DEVICE, f"account:{account.pk}")
    wait = delays.claim(whom)
    if wait:
        return False, wait
    right = account.check_password(password)
    if right:
        delays.forget(whom)
    return right, 0
