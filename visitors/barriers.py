"""Barriers that readers report: stored first, mailed by the worker, deleted after a while.

The row is what counts. A slow or unreachable mail server makes nobody wait and loses nothing, because the worker
retries until the mail is sent. Nothing about the sender is stored except what they write themselves. The form is never
closed for all: the proxy limits each address, and what is limited here are the mails.
"""

from __future__ import annotations

import datetime
import logging

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django.utils.translation import gettext as _

from core.context import settings_for
from core.models import SiteSettings
from visitors.models import BarrierReport

logger = logging.getLogger(__name__)

MAILED_AN_HOUR = 20
"""Most reports mailed per hour: more than ever arrive. Others wait for the next hour, so a flood fills no mailbox."""

MAIL_SECONDS = 60
"""Seconds between the worker's checks for reports to mail."""

DAY_SECONDS = 24 * 60 * 60

MAIL_TIMEOUT_SECONDS = 15
"""The worker has better things to do than wait for a mail server."""


def keep(report: BarrierReport) -> None:
    """Store a report; one sent twice within an hour, by a second click, is stored once."""
    lately = report.created_at - datetime.timedelta(hours=1)
    same = {"address": report.address, "text": report.text, "mail": report.mail}
    if not BarrierReport.objects.filter(created_at__gt=lately, **same).exists():
        report.save()


def mail_pending() -> int:
    """Mail the unmailed reports; return how many. The first failure ends the run; the next run continues.

    On a site that sends no mail they stay unmailed, and the admin says so.
    """
    now = timezone.now()
    site_settings = settings_for(None)
    if not site_settings.report_to or not settings.SENDS_MAIL:
        return 0
    lately = BarrierReport.objects.filter(mailed_at__gt=now - datetime.timedelta(hours=1)).count()
    count = 0
    for report in BarrierReport.objects.filter(mailed_at=None).order_by("pk")[: max(0, MAILED_AN_HOUR - lately)]:
        try:
            _message(report, site_settings).send()
        except OSError as error:
            # Refused, timed out, or an invalid answer: all errors of smtplib are OSErrors.
            logger.warning("report %s of a barrier could not be mailed, will be tried again: %s", report.pk, error)
            break
        BarrierReport.objects.filter(pk=report.pk).update(mailed_at=timezone.now())
        count += 1
    return count


def forget_old() -> int:
    """Delete the reports older than the settings allow; return how many."""
    oldest = timezone.now() - datetime.timedelta(days=settings_for(None).report_days)
    return BarrierReport.objects.filter(created_at__lt=oldest).delete()[0]


def _message(report: BarrierReport, site_settings: SiteSettings) -> EmailMessage:
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
        to=[site_settings.report_to],
        reply_to=[report.mail] if report.mail else None,
        connection=get_connection(timeout=MAIL_TIMEOUT_SECONDS),
    )
