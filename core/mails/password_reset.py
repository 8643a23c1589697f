"""The way to a new password: the request only notes the account, the link is made when the mail is sent.

So no token lies in the database, and an answer takes as long for an address nobody has as for one of an account: both
cost one row.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import auth

from core.mails import mailing
from core.models.mail import OutgoingMail

KIND_NAME = "password_reset"

WAITING_AT_MOST = 1000
"""Rows of this kind that may wait; more must come from a machine."""

_TEMPLATES = "wagtailadmin/account/password_reset/email"


class PasswordResetForm(auth.PasswordResetForm):
    """Wagtail's form, which would send the mail itself."""

    def save(self, **kwargs: Any) -> None:
        """Note for which accounts a link was asked for; for an unknown address that somebody asked."""
        accounts = list(self.get_users(self.cleaned_data["email"])) or [None]
        if OutgoingMail.objects.filter(kind=KIND_NAME, given_up_at=None).count() >= WAITING_AT_MOST:
            return
        for account in accounts:
            mailing.queue(KIND_NAME, account)


def _message(row: OutgoingMail) -> EmailMessage | None:
    account = row.account
    if account is None or not account.email or not account.has_usable_password():
        return None
    context = {
        "user": account,
        "uid": urlsafe_base64_encode(force_bytes(account.pk)),
        "token": default_token_generator.make_token(account),
    }
    subject = "".join(render_to_string(f"{_TEMPLATES}_subject.txt", context).split("\n"))
    return EmailMessage(subject, render_to_string(f"{_TEMPLATES}.txt", context))


def _sent(row: OutgoingMail) -> None:
    """One link is enough, however often it was asked for meanwhile."""
    OutgoingMail.objects.filter(kind=KIND_NAME, account=row.account_id).delete()


KIND = mailing.Kind(_("Neues Kennwort"), _message, _sent, datetime.timedelta(hours=4))
