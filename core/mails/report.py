"""Mails that could not be sent, for chief editors: to whom, what about, why, and a button to try again."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.permission_policies import ModelPermissionPolicy

from core.declared.admin import Report, retry_view
from core.declared.admin import next_attempt as next_attempt_of
from core.mails.mail_sending import failed, figures, retry_failed
from core.mails.mailing import KINDS
from core.models.mail import OutgoingMail

_policy = ModelPermissionPolicy(OutgoingMail)

_FOR_GOOD = range(500, 600)


def recipient(row: OutgoingMail) -> str:
    """Return whom a mail is for: the account, not its address."""
    named = row.address or (row.account.get_username() if row.account else "")
    return named or (str(KINDS[row.kind].recipient) if row.kind in KINDS else "")


def subject(row: OutgoingMail) -> str:
    """Return what a mail is about."""
    return row.subject or (str(KINDS[row.kind].label) if row.kind in KINDS else row.kind)


def reason(row: OutgoingMail) -> str:
    """Return the last error of a row as a text for people."""
    kind, _space, code = row.last_error.partition(" ")
    if kind == "SMTPRecipientsRefused":
        return _t("Der Mailserver nimmt für diese Adresse nichts an (%(error)s).") % {"error": row.last_error}
    if kind.startswith("SMTP") and code.isdigit() and int(code) in _FOR_GOOD:
        return _t("Der Mailserver hat abgelehnt (%(error)s).") % {"error": row.last_error}
    if kind.startswith(("SMTP", "Connection", "SSL")) or kind in {"OSError", "TimeoutError", "gaierror", "timeout"}:
        return _t("Der Mailserver war nicht zu erreichen oder hat nicht geantwortet (%(error)s).") % {
            "error": row.last_error
        }
    return _t("Die E-Mail konnte nicht erstellt werden (%(error)s).") % {"error": row.last_error}


def next_attempt(row: OutgoingMail) -> str:
    """Return when a mail is tried again, or that it is not."""
    if row.given_up_at is not None:
        return _t("keiner, aufgegeben")
    return next_attempt_of(row)


class MailReport(Report):
    """The mails that failed at least once, oldest first. It shows no text of a mail."""

    name = "e-mails"
    header_icon = "mail"
    page_title = _("E-Mails")
    permission_policy = _policy
    permission_required = "view"
    template_name = "core/admin/mail_report.html"
    list_export: ClassVar[list[str]] = ["kind", "queued_at", "attempts", "available_at", "given_up_at"]

    def get_queryset(self) -> QuerySet[OutgoingMail]:
        """Return the rows that failed."""
        return failed().select_related("account").order_by("queued_at", "pk")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns: about, for whom, since when, attempts, why it failed, next attempt."""
        return [
            Column("subject", label=_("Betreff"), accessor=subject),
            Column("recipient", label=_("an"), accessor=recipient),
            DateColumn("queued_at", label=_("wartet seit")),
            NumberColumn("attempts", label=_("Fehlversuche")),
            Column("reason", label=_("letzter Fehler"), accessor=reason),
            Column("next", label=_("nächster Versuch"), accessor=next_attempt),
        ]

    @cached_property
    def no_results_message(self) -> str:
        """Say that all is well."""
        return _t("Keine E-Mail ist fehlgeschlagen.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the site sends mail, how many mails wait, and whether the button is offered."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["sends_mail"] = settings.SENDS_MAIL
        context["waiting"] = figures().waiting
        context["may_retry"] = _policy.user_has_permission(self.request.user, "change")
        return context


retry = retry_view(
    MailReport,
    retry_failed,
    lambda count: ngettext(
        "%(count)s E-Mail wird in den nächsten Sekunden noch einmal versucht.",
        "%(count)s E-Mails werden in den nächsten Sekunden noch einmal versucht.",
        count,
    ),
)
