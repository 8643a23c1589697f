"""Turn checked records into pages: create, update, publish or leave alone, each row on its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from core.importing.outcome import Action, Outcome
from core.importing.publish import edited, save_as_editor, save_once
from core.importing.rows import Row, RowError
from core.importing.source import Readable
from core.importing.writing import refusal, written
from core.output.text import german_slug
from exchange.amb.concepts import ConceptIndex
from exchange.amb.mapping import SOURCE_FIELDS, PageValues, RecordMapping
from exchange.amb.reader import read_rows
from exchange.amb.record import AmbRecord, EntryKind, parse
from exchange.amb.values.texts import shorten
from library.models import BookPage, CaseStudyPage, LibraryIndexPage, LibraryPage, MaterialPage
from vocabularies.models import Concept, Topic

SLUG_LENGTH = 80

_PAGE_TYPES: dict[EntryKind, type[LibraryPage]] = {
    EntryKind.MATERIAL: MaterialPage,
    EntryKind.BOOK: BookPage,
    EntryKind.CASE_STUDY: CaseStudyPage,
}

_UNCHECKED_FIELDS = {"license", "language"}
"""Fields taken from the concepts, which have just been read from the database."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to do with the records."""

    publish: bool = False
    dry_run: bool = False
    overwrite: bool = False
    default_focus: tuple[Concept, ...] = ()
    default_audience: tuple[Concept, ...] = ()


class PageImporter:
    """Turn rows into pages below one library."""

    def __init__(self, parent: LibraryIndexPage, concepts: ConceptIndex, options: Options) -> None:
        self.parent = parent
        self.options = options
        self._mapping = RecordMapping(concepts, options.default_focus, options.default_audience)
        self._seen: dict[str, int] = {}
        self._topics = {topic.name.casefold(): topic for topic in Topic.objects.all()}
        self._new_topics: dict[str, Topic] = {}

    def outcomes(self, source: Readable) -> Iterator[Outcome]:
        """Import record by record as they are read, each in its own transaction. Raises UnreadableFile."""
        return map(self._take, read_rows(source))

    def _take(self, row: Row[Any]) -> Outcome:
        if row.problem:
            return _broken(row, "", RowError("", row.problem))
        try:
            record = parse(row.value)
            if record.id in self._seen:
                reason = _("gleiche Kennung wie in Datensatz %(row)s") % {"row": self._seen[record.id]}
                return Outcome(row.number, record.id, Action.DUPLICATE, reason)
            self._new_topics = {}
            action, reasons = written(
                partial(self._import, record),
                dry_run=self.options.dry_run,
                explain=partial(refusal, names=SOURCE_FIELDS),
            )
        except RowError as error:
            return _broken(row, _claimed_id(row.value), error)
        if not self.options.dry_run:
            self._topics.update(self._new_topics)
        self._seen[record.id] = row.number
        return Outcome(row.number, record.id, action, "; ".join(reasons))

    def _import(self, record: AmbRecord) -> tuple[Action, list[str]]:
        found = (
            LibraryPage.objects.select_for_update(of=("self",))
            .select_related("latest_revision", "content_type")
            .filter(source_uri=record.id)
            .first()
        )
        model = found.specific_class if found else _PAGE_TYPES[record.kind]
        values = self._mapping.values(record, model)
        missing = [
            label
            for name, label in (("focus", _("ohne Förderschwerpunkt")), ("audience", _("ohne Zielgruppe")))
            if not values.concepts[name]
        ]
        publish = self.options.publish and not missing
        reasons = [*missing, *values.notes]
        if found is None:
            self._create(model, record, values, publish)
            return Action.PUBLISHED if publish else Action.INCOMPLETE if missing else Action.DRAFT, reasons
        if model is not _PAGE_TYPES[record.kind]:
            reasons.append(_("Art geändert, die Seite bleibt „%(type)s“") % {"type": model._meta.verbose_name})
        touched = edited(found)
        if touched and not self.options.overwrite:
            return Action.EDITED, [touched]
        revision = found.latest_revision
        if touched or revision is None or found.source_record != record.raw or not values.equals(revision.content):
            self._update(found, record, values, publish)
            reasons.insert(0, _state(publish=publish, live=found.live))
            return Action.OVERWRITTEN if touched else Action.CHANGED, reasons
        if publish and (not found.live or found.has_unpublished_changes):
            revision.publish()
            return Action.PUBLISHED, [_("bisher Entwurf"), *reasons]
        return Action.UNCHANGED, reasons

    def _create(self, model: type[LibraryPage], record: AmbRecord, values: PageValues, publish: bool) -> None:
        page = model(
            slug=self._free_slug(record.title),
            live=False,
            locale_id=self.parent.locale_id,
            source_uri=record.id,
            source_record=dict(record.raw),
        )
        values.apply(page, self._topics_for(values.topics))
        save_once(page, publish=publish, parent=self.parent, unchecked=_UNCHECKED_FIELDS)

    def _update(self, found: LibraryPage, record: AmbRecord, values: PageValues, publish: bool) -> None:
        """Write a new revision based on the latest one, so that fields the record doesn't mention stay."""
        page = found.specific
        if found.latest_revision_id and (found.has_unpublished_changes or not found.live or edited(found)):
            page = page.get_latest_revision_as_object()
        values.apply(page, self._topics_for(values.topics))
        page.source_record = dict(record.raw)
        if edited(found) or (found.live and not publish):
            save_as_editor(page, publish=publish, unchecked=_UNCHECKED_FIELDS)
        else:
            save_once(page, publish=publish, unchecked=_UNCHECKED_FIELDS)

    def _free_slug(self, title: str) -> str:
        base = german_slug(title)
        if len(base) > SLUG_LENGTH:
            base = base[: SLUG_LENGTH + 1].rpartition("-")[0] or base[:SLUG_LENGTH]
        base = base.strip("-_") or "eintrag"
        taken = set(Page.objects.child_of(self.parent).filter(slug__startswith=base).values_list("slug", flat=True))
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug

    def _topics_for(self, names: Iterable[str]) -> list[Topic]:
        """Return the topics with these names, without duplicates; new ones are known once the row is committed."""
        topics: dict[int, Topic] = {}
        for name in names:
            key = name.casefold()
            topic = self._topics.get(key) or self._new_topics.get(key)
            if topic is None:
                topic = self._new_topics[key] = Topic.objects.create(name=name)
            topics[topic.pk] = topic
        return list(topics.values())


def _broken(row: Row[Any], identifier: str, error: RowError) -> Outcome:
    reason = _("Zeile %(line)s: %(reason)s") % {"line": row.line, "reason": error}
    return Outcome(row.number, identifier, Action.BROKEN, reason)


def _state(*, publish: bool, live: bool) -> str:
    """Return the current state of a changed page."""
    if publish:
        return _("veröffentlicht")
    return _("als Entwurf, veröffentlicht bleibt der alte Stand") if live else _("Entwurf")


def _claimed_id(value: Any) -> str:
    """Return the id of a possibly broken record in a form that prints on one line."""
    identifier = value.get("id") if isinstance(value, dict) else None
    return (
        shorten("".join(c for c in identifier if c.isprintable()), 200, at_sentence=False)
        if isinstance(identifier, str)
        else ""
    )
