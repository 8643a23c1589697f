"""What keeps profiles of partners right: mails with links to their mailbox, a reminder before the end, and what each link does.

A link names the page and its mailbox: once the mailbox is another one, former links open nothing. What a partner writes is a
draft until an editor publishes it; to withdraw needs nobody's consent.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import signed_links
from core.mails import mailing, strangers
from core.models import OutgoingMail
from core.visibility import has_ended, not_ended
from directory.models.partners import KEPT, PartnerPage

EDIT, WITHDRAW, CONFIRM = "partner-edit", "partner-withdraw", "partner-confirm"
"""The purposes of the links."""

LINKS, REMINDER = "partner_links", "partner_reminder"
"""The kinds of mails."""

DAY_SECONDS = 24 * 60 * 60

LIFETIME = datetime.timedelta(days=7)
WARNED = datetime.timedelta(days=30)
"""How long before its end a partner is reminded; the links of that mail hold as long."""


def ask_for_links(page: PartnerPage) -> None:
    """Send links to the mailbox of a partner, at most three mails a day; nobody learns whether one is sent."""
    strangers.queue(LINKS, page.mailbox, page.pk)


def key_of(page: PartnerPage) -> str:
    """Return what the links of a partner name."""
    return f"{page.pk} {page.mailbox}"


def partner_of(key: str) -> PartnerPage | None:
    """Return the partner that a link names, if it is live and still has that mailbox."""
    pk, _space, mailbox = key.partition(" ")
    page = PartnerPage.objects.filter(pk=pk, mailbox=mailbox, live=True).first()
    return None if page is None or has_ended(page.expire_at, timezone.now()) else page


def propose(page: PartnerPage, values: Mapping[str, str]) -> None:
    """Keep what a partner wrote as a draft, and ask for a review; visitors see nothing of it yet."""
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    # Whatever else the draft lacks is for whoever publishes it.
    draft.save_revision(log_action=True, clean=False)
    workflow = page.get_workflow()
    if workflow is not None and page.current_workflow_state is None:
        workflow.start(draft, None)


def keep_on(page: PartnerPage) -> None:
    """Let a profile stand for another two years; a waiting draft stays a draft."""
    # Whole seconds: a version keeps no more than thousandths of one.
    end = timezone.now().replace(microsecond=0) + KEPT
    had_draft = page.has_unpublished_changes
    draft = page.get_latest_revision_as_object()
    draft.expire_at = end
    revision = draft.save_revision()
    if had_draft:
        page = PartnerPage.objects.get(pk=page.pk)
        page.expire_at = end
        page.save(update_fields=["expire_at"])
    else:
        revision.publish()


def remind() -> int:
    """Remind the partners whose profile ends soon, once for each end; return how many. The worker's job."""
    now = timezone.now()
    ending = PartnerPage.objects.filter(not_ended(now), live=True, alias_of=None, expire_at__lte=now + WARNED)
    count = 0
    for page in ending.filter(Q(reminded_of=None) | ~Q(reminded_of=F("expire_at"))):
        if strangers.queue(REMINDER, page.mailbox, page.pk):
            PartnerPage.objects.filter(pk=page.pk).update(reminded_of=page.expire_at)
            count += 1
    return count


def _links_message(row: OutgoingMail) -> EmailMessage | None:
    page = _addressed(row)
    if page is None:
        return None
    lines = [
        _("Guten Tag,"),
        "",
        _("auf %(site)s wurden Links zum Profil „%(partner)s“ angefordert.")
        % {"site": settings.SITE_NAME, "partner": page.title},
        "",
        *_offered(page, LIFETIME),
        _("Die Links gelten %(days)s Tage. Haben Sie nichts angefordert, müssen Sie nichts tun.")
        % {"days": LIFETIME.days},
    ]
    return EmailMessage(_("Ihr Profil ändern oder zurückziehen"), "\n".join(lines))


def _reminder_message(row: OutgoingMail) -> EmailMessage | None:
    page = _addressed(row)
    if page is None or page.expire_at is None:
        return None
    end = formats.date_format(timezone.localtime(page.expire_at), "j. F Y")
    lines = [
        _("Guten Tag,"),
        "",
        _("das Profil „%(partner)s“ auf %(site)s endet am %(end)s von selbst.")
        % {"partner": page.title, "site": settings.SITE_NAME, "end": end},
        "",
        _("Alles stimmt noch, das Profil soll stehen bleiben:"),
        signed_links.address(CONFIRM, key_of(page), WARNED),
        "",
        *_offered(page, WARNED),
        _("Tun Sie nichts, verschwindet das Profil an diesem Tag von der Website."),
    ]
    return EmailMessage(_("Ihr Profil endet bald"), "\n".join(lines))


def _offered(page: PartnerPage, lifetime: datetime.timedelta) -> list[str]:
    key = key_of(page)
    return [
        _("Profil ändern:"),
        signed_links.address(EDIT, key, lifetime),
        "",
        _("Profil zurückziehen:"),
        signed_links.address(WITHDRAW, key, lifetime),
        "",
    ]


def _addressed(row: OutgoingMail) -> PartnerPage | None:
    """Return the partner of a mail, unless it is gone or has another mailbox by now."""
    return partner_of(f"{row.about} {row.address}")


LINKS_KIND = mailing.Kind(gettext_lazy("Links für einen Partner"), _links_message, lifetime=LIFETIME)
REMINDER_KIND = mailing.Kind(gettext_lazy("Erinnerung an einen Partner"), _reminder_message)
