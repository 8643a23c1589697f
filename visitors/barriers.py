"""Barriers that readers report: stored first, mailed by the worker, deleted after a while.

The row is what counts. A slow or unreachable mail server makes nobody wait and loses nothing: a report whose mail was
given up stays unmailed. Nothing about the sender is stored except what they write themselves. The form is never closed
for all: the proxy limits each address, and what is limited here are the mails.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from core.context import settings_for
from core.mails import mailing
from core.models import OutgoingMail
from visitors.models import BarrierReport

MAILED_AN_HOUR = 20
"""Most reports mailed per hour: more than ever arrive. Others wait for the next hour, so a flood fills no mailbox."""

MAIL_SECONDS = 60
"""Seconds between the worker's checks for reports without a mail."""

DAY_SECONDS = 24 * 60 * 60

MAIL = "barrier_report"
"""The kind of their mails."""


def keep(report: BarrierReport) -> None:
    """Store a report; one sent twice within an hour, by a second click, is stored once."""
    lately = report.created_at - datetime.timedelta(hours=1)
    same = {"address": report.address, "text": report.text, "mail": report.mail}
    if not BarrierReport.objects.filter(created_at__gt=lately, **same).exists():
        report.save()


def mail_pending() -> int:
    """Queue mails for the reports that have none; return how many.

    On a site that sends no mail they stay unmailed, and the admin says so.
    """
    now = timezone.now()
    if not settings_for(None).report_to or not settings.SENDS_MAIL:
        return 0
    lately = BarrierReport.objects.filter(mailed_at__gt=now - datetime.timedelta(hours=1)).count()
    mails = OutgoingMail.objects.filter(kind=MAIL)
    lately += mails.filter(given_up_at=None).count()
    queued = list(mails.values_list("about", flat=True))
    pending = BarrierReport.objects.filter(mailed_at=None).exclude(pk__in=queued).order_by("pk")
    reports = list(pending[: max(0, MAILED_AN_HOUR - lately)])
    for report in reports:
        mailing.queue(MAIL, about=report.pk)
    return len(reports)


def forget_pages(sender: Any, pages: Iterable[Page], **kwargs: Any) -> None:
    """Take the addresses of pages that are deleted for good out of the reports: an address may be a name."""
    for page in pages:
        if url := page.get_url():
            BarrierReport.objects.filter(address__contains=url).update(address="")


def forget_old() -> int:
    """Delete the reports older than the settings allow; return how many."""
    oldest = timezone.now() - datetime.timedelta(days=settings_for(None).report_days)
    return BarrierReport.objects.filter(created_at__lt=oldest).delete()[0]


def _message(row: OutgoingMail) -> EmailMessage | None:
    """Return the mail about a report as it is now; None if it was deleted or has nowhere to go."""
    report = BarrierReport.objects.filter(pk=row.about).first()
    report_to = settings_for(None).report_to
    if report is None or not report_to:
        return None
    lines = [
        _("Auf %(site)s wurde eine Barriere gemeldet.") % {"site": settings.SITE_NAME},
        "",
        _("Seite: %(address)s") % {"address": report.address or _("nicht genannt")},
        _("Antwort an: %(mail)s") % {"mail": report.mail or _("keine Antwort gewünscht")},
        "",
        report.text,
    ]
    return EmailMessage(
        subject=_("Barriere gemeldet"),
        body="\n".join(lines),
        to=[report_to],
        reply_to=[report.mail] if report.mail else None,
    )


def _sent(row: OutgoingMail) -> None:
    BarrierReport.objects.filter(pk=row.about).update(mailed_at=timezone.now())


KIND = mailing.Kind(gettext_lazy("Gemeldete Barriere"), _message, _sent)
