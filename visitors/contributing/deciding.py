"""What editors decide about a contribution: each step is kept with who and when; an accepted one becomes a draft.

A draft is all that comes of it here: to publish is another step of another right. Files leave quarantine only now, and only
those that the confined reader has found to be what they say.
"""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Collection, Page

from core.declared import contributions
from core.declared.contributions import Draft
from media.metadata.strip import UnreadableError
from media.models import Document
from visitors.contributing import quarantine
from visitors.contributing.forms import read_again
from visitors.contributing.kinds import KINDS, Kind
from visitors.models import Contribution, ContributionFile, ContributionStep


class UndecidableError(Exception):
    """Raised if a step cannot be taken; its text is for the editor."""


def decide(key: int, state: str, note: str, editor: Any, collection: Collection | None = None) -> Contribution:
    """Take a step: note it, set the day of deletion anew, and make the draft of what is accepted.

    `collection` is where its files go. Raises UndecidableError, and then nothing has changed.
    """
    with transaction.atomic():
        contribution = Contribution.objects.select_for_update().get(pk=key)
        if contribution.state == Contribution.State.ACCEPTED and state != contribution.state:
            raise UndecidableError(_("Dieser Beitrag ist schon angenommen."))
        kind = KINDS.get(contribution.kind)
        if state == Contribution.State.ACCEPTED and contribution.state != state and kind is not None:
            contribution.page = _draft(contribution, kind, editor, collection)
        contribution.state = state
        contribution.expires_at = contribution.deletion_after(timezone.now())
        contribution.save()
        ContributionStep.objects.create(contribution=contribution, state=state, account=editor, note=note)
    return contribution


def _draft(contribution: Contribution, kind: Kind, editor: Any, collection: Collection | None) -> Page | None:
    files = list(contribution.files.all())
    if any(file.status == ContributionFile.Status.WAITING for file in files):
        raise UndecidableError(_("Die Dateien werden noch geprüft. Bitte versuchen Sie es gleich noch einmal."))
    make = kind.draft
    fine = [file for file in files if file.status == ContributionFile.Status.FINE]
    if fine and collection is None:
        raise UndecidableError(_("Bitte wählen Sie die Sammlung, in die die Dateien kommen."))
    documents: list[Document] = []
    try:
        for file in fine:
            documents.append(_document(file, editor, collection))
        page = _page(contribution, kind, make, editor, documents) if make else None
    except BaseException:
        # The rows go with the transaction.
        for document in documents:
            document.file.storage.delete(document.file.name)
        raise
    for file in files:
        file.delete()
    return page


def _page(contribution: Contribution, kind: Kind, make: Draft, editor: Any, documents: list[Document]) -> Page:
    form = read_again(kind, contribution.values)
    form.is_valid()
    accepted = contributions.Contribution(
        id=contribution.pk,
        kind=contribution.kind,
        values=form.cleaned_data,
        name=contribution.name,
        mail=contribution.mail,
        language=contribution.language,
        received_at=contribution.received_at,
        documents=documents,
        editor=editor,
    )
    try:
        return make(accepted)
    except contributions.NoPlaceError as error:
        raise UndecidableError(str(error)) from error


def _document(file: ContributionFile, editor: Any, collection: Collection | None) -> Document:
    title = file.name.rpartition(".")[0] or file.name
    document = Document(title=title[:255], collection=collection, uploaded_by_user=editor)
    try:
        with quarantine.open_file(file) as opened:
            document.file.save(file.name, File(opened, name=file.name), save=False)
    except (OSError, UnreadableError) as error:
        raise UndecidableError(_("Die Datei „%(name)s“ lässt sich nicht übernehmen.") % {"name": file.name}) from error
    document.save()
    return document
