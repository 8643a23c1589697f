"""Store contributions, confirm them, and delete them when their day has come."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.mails import mailing, strangers
from visitors.contributing import mails
from visitors.contributing.forms import ContributionForm
from visitors.models import Contribution, ContributionFile, ContributionStep

DAY_SECONDS = 24 * 60 * 60

SWEEP_SECONDS = 15 * 60
"""How often the worker deletes what has expired."""


def keep(form: ContributionForm, language: str) -> Contribution:
    """Store a valid form with its files; one sent twice within an hour, by a second click, is stored once.

    With an address it waits for its confirmation. Without one, or on a site that sends no mail, editors see it at once.
    """
    now = timezone.now()
    sender = form.sender.cleaned_data
    contribution = Contribution(
        kind=form.kind.slug,
        name=sender["name"],
        mail=sender["mail"],
        values=form.values(),
        language=language,
        received_at=now,
    )
    with transaction.atomic():
        if same := _sent_before(contribution, form.kept):
            return same
        if not (contribution.mail and settings.SENDS_MAIL):
            contribution.state = Contribution.State.NEW
        contribution.expires_at = contribution.deletion_after(now)
        contribution.save()
        keys = [file.pk for file in form.kept]
        ContributionFile.objects.filter(pk__in=keys, contribution=None).update(contribution=contribution)
        ask(contribution)
    return contribution


def ask(contribution: Contribution) -> bool:
    """Ask for a confirmation by mail; return whether that was possible: an address gets only a few mails a day."""
    if contribution.state != Contribution.State.UNCONFIRMED:
        return False
    if not strangers.queue(mails.CONFIRM, contribution.mail, contribution.pk):
        return False
    contribution.asked_at = timezone.now()
    contribution.save(update_fields=["asked_at"])
    return True


def ask_pending() -> int:
    """Ask those who could not be asked on the day of their contribution; return how many. The worker's job."""
    unasked = Contribution.objects.filter(state=Contribution.State.UNCONFIRMED, asked_at=None)
    return sum(ask(contribution) for contribution in unasked)


def _sent_before(contribution: Contribution, files: list[ContributionFile]) -> Contribution | None:
    lately = contribution.received_at - datetime.timedelta(hours=1)
    same = Contribution.objects.filter(
        kind=contribution.kind, name=contribution.name, mail=contribution.mail, received_at__gt=lately
    )
    names = sorted((file.name, file.size) for file in files)
    return next(
        (
            one
            for one in same.prefetch_related("files")
            if one.values == contribution.values and sorted((file.name, file.size) for file in one.files.all()) == names
        ),
        None,
    )


def confirm(key: int) -> Contribution | None:
    """Show a contribution to editors, because whoever reads its mailbox says so; None if it is not there any more.

    The second click changes nothing. The receipt goes out once.
    """
    now = timezone.now()
    with transaction.atomic():
        contribution = Contribution.objects.select_for_update().filter(pk=key).first()
        if contribution is None or contribution.state != Contribution.State.UNCONFIRMED:
            return contribution
        contribution.state = Contribution.State.NEW
        contribution.confirmed_at = now
        contribution.expires_at = contribution.deletion_after(now)
        contribution.save()
        strangers.queue(mails.RECEIPT, contribution.mail, contribution.pk)
    return contribution


def withdraw(key: int) -> bool:
    """Delete a contribution because its sender says so; return whether it was there.

    What became a page is for editors to take back: they see the wish, and the page is not the sender's to delete.
    """
    with transaction.atomic():
        contribution = Contribution.objects.select_for_update().filter(pk=key).first()
        if contribution is None:
            return False
        if contribution.page_id is None:
            contribution.delete()
        elif not contribution.steps.filter(account=None).exists():
            ContributionStep.objects.create(contribution=contribution, state=contribution.state, note=str(mails.WISH))
            mailing.queue(mails.NOTICE, about=contribution.pk)
    return True


def forget_expired() -> int:
    """Delete the contributions whose day has come, with steps and files; return how many. The worker's job."""
    expired = Contribution.objects.filter(expires_at__lte=timezone.now())
    count = expired.count()
    expired.delete()
    return count
