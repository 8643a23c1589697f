"""The mails: the link that confirms, what is new, and the newsletter; each made when it is sent, in the subscription's language.

The first holds nothing that was typed: anybody may type anybody's address. The others hold what the index shows to
anybody at that moment, and the link that stops them, in the text and in the headers that mail programs make a button of
(RFC 8058). No picture, no link that counts.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import signed_links
from core.mails import mailing
from core.models import OutgoingMail
from search.page.results import Hit
from visitors.alerts.keeping import CONFIRM, LATE, LETTER, NEWS
from visitors.alerts.wanted import Wanted, new_entries, read_stored
from visitors.models import Newsletter, Subscription

CONFIRM_LINK, STOP_LINK = "alert-confirm", "alert-stop"

STOP_DAYS = 2 * 365
"""Days for which the stop in one mail holds; each mail has a new one."""

LISTED = 30
"""Entries that a mail names; for the others it has a link to the search."""

LIFETIME = datetime.timedelta(hours=20)
"""How long a mail is tried: before the next one is due."""


def unheard(row: Subscription) -> tuple[Wanted | None, list[Hit]]:
    """Return what a subscription asks for, in the active language, and the entries it was not told of yet.

    May raise SearchUnavailable.
    """
    wanted = read_stored(row.wanted, row.language)
    if wanted is None or row.until is None:
        return None, []
    hits = new_entries(wanted, (row.until - LATE).timestamp())
    return wanted, [hit for hit in hits if hit.id not in set(row.told)]


def _confirm(mail: OutgoingMail) -> EmailMessage | None:
    """Return the mail with the link; None for a wish that is gone or confirmed."""
    row = Subscription.objects.filter(pk=mail.about, confirmed_at=None).first()
    rest = row.link_ends_at - timezone.now() if row else datetime.timedelta()
    if row is None or rest <= datetime.timedelta():
        return None
    with translation.override(row.language):
        lines = [
            _("Guten Tag,"),
            "",
            _("auf %(site)s hat jemand mit dieser Adresse Neues per E-Mail bestellt.") % {"site": settings.SITE_NAME},
            _("Waren Sie das? Dann bestätigen Sie es bitte hier, mit dem Knopf auf der Seite:"),
            "",
            signed_links.address(CONFIRM_LINK, str(row.key), rest),
            "",
            _("Der Link gilt bis %(moment)s Uhr.")
            % {"moment": formats.date_format(timezone.localtime(row.link_ends_at), "j. F Y, H:i")},
            _("Waren Sie es nicht, müssen Sie nichts tun: Dann löschen wir Ihre Adresse."),
        ]
        return EmailMessage(_("Bitte bestätigen Sie Ihre Bestellung"), "\n".join(lines), to=[row.address])


def _news(mail: OutgoingMail) -> EmailMessage | None:
    """Return the mail about what is new; None if by now there is nothing, or nobody to tell."""
    row = Subscription.objects.filter(pk=mail.about, confirmed_at__isnull=False).first()
    if row is None:
        return None
    with translation.override(row.language):
        wanted, hits = unheard(row)
        if wanted is None or not hits:
            return None
        # Read again by `_told`, from the same row in memory: it is not stored.
        mail.text = json.dumps({"until": timezone.now().isoformat(), "told": [hit.id for hit in hits]})
        about = {"site": settings.SITE_NAME, "search": wanted.title}
        head = _("neu auf %(site)s zu Ihrer Suche %(search)s:") if wanted.title else _("neu auf %(site)s:")
        subject = _("%(site)s: Neues zu Ihrer Suche") if wanted.title else _("%(site)s: Neue Einträge")
        lines = [_("Guten Tag,"), "", head % about, "", *_listed(hits, wanted)]
        return _mail(row, subject % about, lines)


def _told(mail: OutgoingMail) -> None:
    """Note of what a subscription was told, once the mail is sent."""
    told = json.loads(mail.text)
    row = Subscription.objects.select_for_update().filter(pk=mail.about).first()
    if row is not None:
        row.until = datetime.datetime.fromisoformat(told["until"])
        row.told = list(dict.fromkeys([*row.told, *told["told"]]))
        row.save(update_fields=["until", "told"])


def _letter_of(mail: OutgoingMail, row: Subscription) -> Newsletter | None:
    """Return the newsletter for which a mail was queued: the latest by then, unless its reader has it or came later."""
    sent = Newsletter.objects.filter(language=row.language, sent_at__gt=row.confirmed_at, sent_at__lte=mail.queued_at)
    return sent.exclude(pk__in=row.told).order_by("-sent_at").first()


def _letter(mail: OutgoingMail) -> EmailMessage | None:
    """Return the newsletter; None if there is none, or nobody to send it to."""
    row = Subscription.objects.filter(pk=mail.about, confirmed_at__isnull=False).first()
    letter = _letter_of(mail, row) if row else None
    if row is None or letter is None or letter.sent_at is None:
        return None
    with translation.override(row.language):
        mail.text = json.dumps({"until": letter.sent_at.isoformat(), "told": [letter.pk]})
        lines = [_("Guten Tag,"), "", letter.introduction, ""]
        wanted, hits = entries_of(letter)
        if wanted is not None and hits:
            lines += [_("Neu seit dem letzten Rundbrief:"), "", *_listed(hits, wanted)]
        return _mail(row, _("%(site)s: Rundbrief") % {"site": settings.SITE_NAME}, lines)


def entries_of(letter: Newsletter) -> tuple[Wanted | None, list[Hit]]:
    """Return the entries of a newsletter's time that anybody may see now, in the active language."""
    wanted = read_stored("", letter.language)
    if wanted is None or letter.since is None:
        return wanted, []
    end = letter.sent_at or timezone.now()
    hits = new_entries(wanted, letter.since.timestamp())
    return wanted, [hit for hit in hits if hit.date and datetime.datetime.fromisoformat(hit.date) < end]


def _listed(hits: Sequence[Hit], wanted: Wanted) -> list[str]:
    """Return the lines about entries: title, kind and summary, address."""
    lines: list[str] = []
    for hit in hits[:LISTED]:
        summary = f": {hit.summary}" if hit.summary else ""
        lines += [hit.title, f"{hit.type_label}{summary}", _whole(hit.url), ""]
    if (more := len(hits) - LISTED) > 0:
        lines.append(ngettext("und %(count)d weiterer:", "und %(count)d weitere:", more) % {"count": more})
        lines += [_whole(wanted.address), ""]
    return lines


def _mail(row: Subscription, subject: str, lines: list[str]) -> EmailMessage:
    """Return a mail to a subscription, with both ways to stop."""
    stop = signed_links.address(STOP_LINK, str(row.key), datetime.timedelta(days=STOP_DAYS))
    foot = [
        "-- ",
        _("Sie haben das auf %(site)s bestellt. Abbestellen, mit dem Knopf auf der Seite:")
        % {"site": settings.SITE_NAME},
        stop,
        _("Dann löschen wir Ihre Adresse."),
    ]
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(subject, "\n".join([*lines, *foot]), to=[row.address], headers=headers)


def _whole(address: str) -> str:
    return urljoin(f"{settings.BASE_URL}/", address)


_READER = gettext_lazy("wer es bestellt hat")

KINDS_OF_MAIL = {
    CONFIRM: mailing.Kind(gettext_lazy("Neues per E-Mail bestätigen"), _confirm, lifetime=LIFETIME),
    NEWS: mailing.Kind(gettext_lazy("Neues per E-Mail"), _news, _told, LIFETIME, _READER, is_bulk=True),
    LETTER: mailing.Kind(gettext_lazy("Rundbrief"), _letter, _told, recipient=_READER, is_bulk=True),
}
