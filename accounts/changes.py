"""What follows when a password or address changes, whichever form, view or command changes it."""

from __future__ import annotations

from typing import Any

from accounts import logins, notices
from accounts.models import Login
from accounts.sessions import limits
from core.models import User

_BEFORE, _IS_NEW = "email_before", "is_new_account"


def password_changed(account: User) -> None:
    """End all sessions and tell the owner. The session that changed it gets a new key from its view, and goes on."""
    if getattr(account, _IS_NEW, False):
        return
    limits.end(account.pk)
    logins.record(None, Login.Kind.CHANGED, Login.Result.RIGHT, account)
    notices.password_changed(account)


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
