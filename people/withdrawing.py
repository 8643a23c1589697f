"""Whoever consented withdraws without an account: an editor sends a signed link to the mailbox given for that, its button acts.

The mail is made when it is sent, so the link lies in no table, and it names nobody: mailboxes are shared.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import signed_links
from core.mails import mailing, strangers
from core.models import OutgoingMail
from core.signed_link_views import SignedLinkView
from people.due import withdraw
from people.models import Consent

PURPOSE = "widerruf"
LIFETIME = datetime.timedelta(days=30)
"""How long a link opens: time enough to ask somebody for help."""


def send_link(consent: Consent) -> bool:
    """Send the link to the mailbox of a consent; return whether a mail will be sent: none today after three."""
    may = bool(consent.mailbox) and consent.withdrawn_at is None
    return may and strangers.queue(Consent.LINK_MAIL, consent.mailbox, about=consent.pk)


def _message(row: OutgoingMail) -> EmailMessage | None:
    consent = Consent.objects.filter(pk=row.about, withdrawn_at=None).first()
    if consent is None or consent.mailbox != row.address:
        return None
    text = _t(
        "Guten Tag,\n\n"
        "an dieses Postfach schicken wir den Link, mit dem Sie Ihr Einverständnis für unsere Website widerrufen können:\n\n"
        "%(address)s\n\n"
        "Auf der Seite ist ein Knopf. Erst wenn Sie ihn drücken, verschwindet alles, was Sie zeigt, sofort von der Website; "
        "nach einer Frist löschen wir es. Das lässt sich nicht rückgängig machen. Der Link gilt %(days)d Tage. "
        "Möchten Sie nichts ändern, brauchen Sie nichts zu tun.\n"
    )
    address = signed_links.address(PURPOSE, str(consent.key), LIFETIME)
    return EmailMessage(_t("Ihr Link zum Widerruf"), text % {"address": address, "days": LIFETIME.days})


KIND = mailing.Kind(_("Link zum Widerruf"), _message)


class WithdrawalView(SignedLinkView):
    """The page behind the link."""

    purpose = PURPOSE
    heading = _("Einverständnis widerrufen")
    text = _(
        "Wenn Sie den Knopf drücken, verschwindet alles, was Sie zeigt, sofort von dieser Website. Nach einer Frist wird "
        "es gelöscht. Das lässt sich nicht rückgängig machen."
    )
    button = _("Ja, ich widerrufe")

    def subject_of(self, key: str) -> Consent | None:
        """Return the consent, unless it was withdrawn."""
        found: Consent | None = Consent.objects.filter(key=uuid.UUID(key), withdrawn_at=None).first()
        return found

    def act(self, request: HttpRequest, subject: Any) -> HttpResponse:
        """Withdraw."""
        withdraw(subject)
        return self.done(
            request,
            _("Ihr Widerruf ist eingetragen"),
            _("Was Sie zeigt, ist nicht mehr auf dieser Website. Sie brauchen nichts weiter zu tun."),
        )
