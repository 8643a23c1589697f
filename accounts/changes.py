"""What follows when a password or address changes, whichever form, view or command changes it."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts import logins, notices
from accounts.models import Login
from accounts.sessions import limits
from core.models import User

_BEFORE, _IS_NEW = "email_before", "is_new_account"

GIVEN_LASTS = datetime.timedelta(days=7)

WAS_SET = "password_was_set"
"""Attribute of an account whose password was set in this request."""


def password_changed(account: User) -> None:
    """End all sessions and tell the owner. The session that changed it gets a new key from its view, and goes on."""
    setattr(account, WAS_SET, True)
    if account.password_given_at is not None:
        User.objects.filter(pk=account.pk).update(password_given_at=None)
        account.password_given_at = None
    if getattr(account, _IS_NEW, False):
        return
    limits.end(account.pk)
    logins.record(None, Login.Kind.CHANGED, Login.Result.RIGHT, account)
    notices.password_changed(account)


def given_by(request: HttpRequest, account: User) -> None:
    """Note that a password was chosen by another than its owner: it holds for a week, and opens one page."""
    if getattr(account, WAS_SET, False) and account.pk != request.user.pk:
        User.objects.filter(pk=account.pk).update(password_given_at=timezone.now())


def is_expired(account: User) -> bool:
    """Return whether a password that somebody else has chosen was not replaced in time."""
    given = account.password_given_at
    return given is not None and timezone.now() - given > GIVEN_LASTS


def note_address(sender: Any, instance: User, **kwargs: Any) -> None:
    """Remember the stored address of an account that is about to be saved, and whether it is there already."""
    setattr(instance, _IS_NEW, instance.pk is None)
    before = User.objects.filter(pk=instance.pk).values_list("email", flat=True).first() if instance.pk else ""
    setattr(instance, _BEFORE, before or "")


def tell_old_address(sender: Any, instance: User, **kwargs: Any) -> None:
    """Tell the old address once another one is stored."""
    before = getattr(instance, _BEFORE, "")
    if before and before.casefold() != instance.email.casefold():
        logins.record(None, Login.Kind.MAIL, Login.Result.RIGHT, instance)
        notices.email_changed(instance, before)
    setattr(instance, _BEFORE, instance.email)
