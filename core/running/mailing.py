"""How the site tells an account something: the one door for mails of the program to its accounts."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from core.models.user import User


def notify(account: User, subject: str, text: str, address: str = "") -> bool:
    """Tell an account something by mail, once the transaction is committed; return whether the site sends mail.

    `address` replaces the account's own, as for the notice to the address it had before. The text must hold no
    password, token or other secret.
    """
    to = address or account.email
    if settings.SENDS_MAIL and to and account.is_active:
        transaction.on_commit(lambda: send_mail(subject, text, None, [to], fail_silently=True))
    return bool(settings.SENDS_MAIL)
