"""Mails to the owner of an account when something changes by which it is logged in to."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.mails.mailing import notify
from core.models import User


def _tell(account: User, subject: str, what: str, address: str = "") -> None:
    lines = [
        what,
        "",
        _("Konto: %(name)s") % {"name": account.get_username()},
        _("Zeit: %(time)s") % {"time": date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")},
        "",
        _("Waren Sie das nicht? Dann melden Sie sich bitte sofort bei der Stelle, die Ihr Konto angelegt hat."),
    ]
    notify(account, f"{settings.SITE_NAME}: {subject}", "\n".join(lines), address)


def password_changed(account: User) -> None:
    """Tell of a new password."""
    _tell(
        account,
        _("Passwort geändert"),
        _("Das Passwort Ihres Kontos wurde geändert. Alle anderen Sitzungen sind beendet."),
    )


def email_changed(account: User, before: str) -> None:
    """Tell the address that the account had before."""
    _tell(
        account,
        _("E-Mail-Adresse geändert"),
        _("Ihr Konto hat eine andere E-Mail-Adresse bekommen. Nachrichten gehen von nun an dorthin."),
        before,
    )


def factor_added(account: User) -> None:
    """Tell of a new second factor."""
    _tell(account, _("Zweiter Faktor eingerichtet"), _("Ihr Konto verlangt bei der Anmeldung nun auch einen Code."))


def factor_removed(account: User) -> None:
    """Tell that the second factor is gone."""
    _tell(account, _("Zweiter Faktor entfernt"), _("Ihr Konto verlangt bei der Anmeldung keinen Code mehr."))


def recovery_code_used(account: User, left: int) -> None:
    """Tell that a recovery code is used up, and how many are left."""
    text = ngettext(
        "Jemand hat sich mit einem Ihrer Wiederherstellungscodes angemeldet. Übrig ist %(count)s.",
        "Jemand hat sich mit einem Ihrer Wiederherstellungscodes angemeldet. Übrig sind %(count)s.",
        left,
    )
    _tell(account, _("Wiederherstellungscode benutzt"), text % {"count": left})


def new_browser(account: User, browser: str) -> None:
    """Tell of a login in a browser that the account has not used before."""
    text = _(
        "Mit Ihrem Konto hat sich jemand in einem Browser angemeldet, der dafür noch nicht benutzt wurde: %(browser)s."
    )
    _tell(account, _("Anmeldung in einem neuen Browser"), text % {"browser": browser})


def code_reused(account: User) -> None:
    """Tell that a code was typed a second time: the owner by mistake, or somebody who has seen it."""
    _tell(
        account,
        _("Code zum zweiten Mal benutzt"),
        _("Ein Code Ihrer App, der schon benutzt war, wurde noch einmal eingegeben. Er wurde abgelehnt."),
    )
