"""Mails about contributions: the link to confirm one, the receipt, and the word to editors that some wait.

Anybody may type anybody's address, so the first mail carries nothing that was typed: no name, no title, no file. Links are
made when a mail is sent and lie in no table.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Min
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import signed_links
from core.context import settings_for
from core.mails import mailing
from core.models import OutgoingMail
from visitors.models import Contribution, ContributionStep
from visitors.models.contributions import LINK_DAYS, OPEN_DAYS

CONFIRM, RECEIPT, NOTICE = "contribution_confirm", "contribution_receipt", "contribution_notice"

CONFIRM_LINK, WITHDRAW_LINK = "contribution-confirm", "contribution-withdraw"

WITHDRAW_DAYS = 180

WISH = gettext_lazy("Wer den Beitrag geschickt hat, möchte ihn zurücknehmen.")


def _confirm(row: OutgoingMail) -> EmailMessage | None:
    """Return the mail with the link; None for a contribution that is gone or confirmed."""
    contribution = Contribution.objects.filter(pk=row.about, state=Contribution.State.UNCONFIRMED).first()
    if contribution is None:
        return None
    link = signed_links.address(CONFIRM_LINK, str(contribution.pk), datetime.timedelta(days=LINK_DAYS))
    with translation.override(contribution.language or settings.LANGUAGE_CODE):
        lines = [
            _("Guten Tag,"),
            "",
            _("auf %(site)s hat jemand mit dieser Adresse ein Formular ausgefüllt: „%(kind)s“.") % _about(contribution),
            _("Waren Sie das? Dann bestätigen Sie es bitte hier, mit dem Knopf auf der Seite:"),
            "",
            link,
            "",
            _("Der Link gilt %(days)d Tage. Erst danach sieht die Redaktion Ihren Beitrag.") % {"days": LINK_DAYS},
            _("Waren Sie es nicht, müssen Sie nichts tun: Dann wird alles gelöscht."),
        ]
        return EmailMessage(_("Bitte bestätigen Sie Ihren Beitrag"), "\n".join(lines), to=[contribution.mail])


def _receipt(row: OutgoingMail) -> EmailMessage | None:
    """Return the receipt: what arrived, what happens now, and how to take it back."""
    contribution = Contribution.objects.filter(pk=row.about).first()
    if contribution is None or not contribution.mail:
        return None
    link = signed_links.address(WITHDRAW_LINK, str(contribution.pk), datetime.timedelta(days=WITHDRAW_DAYS))
    with translation.override(contribution.language or settings.LANGUAGE_CODE):
        moment = timezone.localtime(contribution.received_at)
        received = f"{formats.date_format(moment, 'DATE_FORMAT')}, {formats.date_format(moment, 'H:i')}"
        files = [_("Datei: %(name)s") % {"name": file.name} for file in contribution.files.all()]
        lines = [
            _("Guten Tag,"),
            "",
            _("Ihr Beitrag ist bei uns: „%(kind)s“, eingegangen am %(day)s Uhr.")
            % {**_about(contribution), "day": received},
            *files,
            "",
            _("Veröffentlicht ist nichts. Die Redaktion sieht ihn durch und meldet sich bei Ihnen."),
            _(
                "Lehnt sie ihn ab, oder tut sich %(days)d Tage lang nichts, löschen wir ihn mit allen Angaben und Dateien."
            )
            % {"days": OPEN_DAYS},
            "",
            _("Möchten Sie ihn zurückziehen? Dann hier, mit dem Knopf auf der Seite:"),
            "",
            link,
        ]
        return EmailMessage(_("Ihr Beitrag ist angekommen"), "\n".join(lines), to=[contribution.mail])


def _notice(row: OutgoingMail) -> EmailMessage | None:
    """Return the word to the editors' mailbox, without anything of a contribution; None if none waits."""
    mailbox = settings_for(None).mailbox
    waiting = Contribution.objects.filter(state=Contribution.State.NEW)
    wishes = ContributionStep.objects.filter(account=None).count()
    first = waiting.aggregate(day=Min("expires_at"))["day"]
    if not mailbox or not (first or wishes):
        return None
    lines = [
        _("Neue Beiträge von außen: %(count)d") % {"count": waiting.count()},
        _("Bitten, einen Beitrag zurückzunehmen: %(count)d") % {"count": wishes},
    ]
    if first:
        lines.append(
            _("Ohne Entscheidung wird der erste gelöscht am %(day)s.")
            % {"day": formats.date_format(timezone.localtime(first), "j. F Y")}
        )
    lines += ["", settings.WAGTAILADMIN_BASE_URL + reverse("contribution:index")]
    return EmailMessage(_("Beiträge warten auf die Redaktion"), "\n".join(lines), to=[mailbox])


def remind() -> int:
    """Tell editors once a day that contributions wait; return how many mails. The worker's job."""
    if not Contribution.objects.filter(state=Contribution.State.NEW).exists():
        return 0
    return int(mailing.queue(NOTICE))


def _about(contribution: Contribution) -> dict[str, Any]:
    return {"site": settings.SITE_NAME, "kind": contribution.kind_label}


KINDS_OF_MAIL = {
    CONFIRM: mailing.Kind(gettext_lazy("Beitrag bestätigen"), _confirm),
    RECEIPT: mailing.Kind(gettext_lazy("Beitrag angekommen"), _receipt),
    NOTICE: mailing.Kind(gettext_lazy("Beiträge warten"), _notice),
}
