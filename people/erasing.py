"""Delete everything about a person whose consent has ended: pages, versions, files, traces; then the consent itself.

What is to be deleted is written to the file beside the database first: whatever happens afterwards, a restored backup
included, it is deleted again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ModelLogEntry, Page, PageLogEntry, ReferenceIndex, Revision

from core.declared.people.consent import standing
from core.declared.people.erasing import erasing
from core.models import BasePage, OutgoingMail, may_name_people
from media.models import ExtractedText
from people.ledger import Line, add
from people.models import Consent, Deletion
from people.rule import same


@dataclass(slots=True)
class Erased:
    """How much was deleted, and how many files stay because other pages use them."""

    pages: int = 0
    revisions: int = 0
    files: int = 0
    kept: int = 0


def erase(consent: Consent) -> Erased:
    """Delete a consent and everything that shows the person."""
    pages = [page for page in _pages_of(consent) if _still_shows(page, consent)]
    keys = tuple(str(page.translation_key) for page in pages)
    add([Line(consent.key, Deletion.Kind.DELETED, timezone.now(), keys)])
    with transaction.atomic():
        done = _erase_pages(pages)
        for page in _pages_of(consent):
            done.revisions += _forget_versions(page, consent)
        proof = consent.proof
        key, kept = consent.key, {"at": timezone.now(), "pages": list(keys), "done": True}
        _forget_log(consent)
        # What waits or could not be delivered holds the mailbox.
        OutgoingMail.objects.filter(kind=Consent.LINK_MAIL, about=consent.pk).delete()
        consent.delete()
        if proof is not None:
            _erase_file(proof, done)
        Deletion.objects.update_or_create(key=key, kind=Deletion.Kind.DELETED, defaults=kept)
    return done


def erase_pages(keys: Iterable[str]) -> Erased:
    """Delete the pages with these keys again, if a restored database has them."""
    wanted = [uuid.UUID(key) for key in keys]
    with transaction.atomic():
        found = Page.objects.filter(translation_key__in=wanted, alias_of__isnull=True)
        return _erase_pages([page for page in found.specific() if isinstance(page, BasePage)])


def _pages_of(consent: Consent) -> list[BasePage]:
    """Return the pages of a consent that exist, aliases left to their originals."""
    found = Page.objects.filter(pk__in=consent.pages.values("page"), alias_of__isnull=True).order_by("pk")
    return [page for page in found.specific() if isinstance(page, BasePage) and may_name_people(type(page))]


def _still_shows(page: BasePage, consent: Consent) -> bool:
    """Return whether a page names the person, as it is or in its draft, and nothing else covers that."""
    draft = page.get_latest_revision_as_object()
    name = same(consent.chosen_name)
    return any(
        name in {same(one) for one in version.named_people()} and standing(page.pk, [consent.chosen_name]).refusals
        for version in (page, draft)
    )


def _erase_pages(pages: list[BasePage]) -> Erased:
    done = Erased()
    if not pages:
        return done
    erasing.send(sender=BasePage, pages=pages)
    files = {file for page in pages for file in _files_of(page)}
    for page in pages:
        done.pages += 1
        done.revisions += page.revisions.count()
        aliases = list(page.aliases.all())
        for one in (*aliases, page):
            Redirect.objects.filter(Q(redirect_page=one.pk) | Q(old_path__endswith=f"/{one.slug}")).delete()
            # What only some drafts named is in no table but these.
            Revision.page_revisions.filter(object_id=str(one.pk)).delete()
            key = one.pk
            Page.objects.get(pk=key).delete()
            PageLogEntry.objects.filter(page=key).delete()
    for file in files:
        _erase_file(file, done)
    return done


def _files_of(page: BasePage) -> Iterator[Any]:
    """Yield the pictures and documents of a page, as it is and in every version of it."""
    found: set[tuple[int, str]] = set()
    for version in _versions(page):
        # Wagtail has no public way to ask what an unsaved version refers to.
        for type_id, key, *_ in ReferenceIndex._extract_references_from_object(version):
            found.add((type_id, key))
    for model in (get_image_model(), get_document_model()):
        type_id = ContentType.objects.get_for_model(model).pk
        yield from model.objects.filter(pk__in=[key for known, key in found if known == type_id])


def _versions(page: BasePage) -> Iterator[BasePage]:
    yield page
    for revision in page.revisions.all().iterator():
        yield revision.as_object()


def _forget_versions(page: BasePage, consent: Consent) -> int:
    """Delete the former versions of a page that stays, as far as they name the person."""
    name = same(consent.chosen_name)
    kept = {page.latest_revision_id, page.live_revision_id}
    gone = [
        revision.pk
        for revision in page.revisions.exclude(pk__in=[key for key in kept if key])
        if name in {same(one) for one in revision.as_object().named_people()}
    ]
    Revision.objects.filter(pk__in=gone).delete()
    return len(gone)


def _erase_file(file: Any, done: Erased) -> None:
    """Delete a picture with its copies or a document with its text, unless another page uses it."""
    if ReferenceIndex.get_references_to(file).exists():
        done.kept += 1
        return
    digest = getattr(file, "sha256", "")
    _forget_log(file)
    file.delete()
    if digest and not get_document_model().objects.filter(sha256=digest).exists():
        ExtractedText.objects.filter(sha256=digest).delete()
    done.files += 1


def _forget_log(instance: Any) -> None:
    """Delete what the log of the admin says of a record: entries hold its name."""
    type_ = ContentType.objects.get_for_model(type(instance), for_concrete_model=False)
    ModelLogEntry.objects.filter(content_type=type_, object_id=str(instance.pk)).delete()
