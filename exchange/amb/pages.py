"""Makes pages of checked records: creates, updates, publishes or leaves alone, each row for itself.

What an editor did to a page since its import counts more than the file. A page's last imported
revision is remembered for that; it is also written into the revision itself, because publishing a
revision restores every field from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from modelcluster.models import get_serializable_data_for_fields
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published, published

from core import versions
from core.output.text import german_slug
from exchange.amb.reader import SourceRow
from exchange.amb.record import AmbRecord, EntryKind, Link, RowError, parse, shorten
from library.models import BookPage, CaseStudyPage, LibraryIndexPage, LibraryPage, MaterialFile, MaterialPage, PageTopic
from vocabularies.models import Concept, ConceptMapping, Topic

SLUG_LENGTH = 80

_PAGE_TYPES: dict[EntryKind, type[LibraryPage]] = {
    EntryKind.MATERIAL: MaterialPage,
    EntryKind.BOOK: BookPage,
    EntryKind.CASE_STUDY: CaseStudyPage,
}
_TREE_FIELDS = {
    "path",
    "depth",
    "numchild",
    "url_path",
    "slug",
    "content_type",
    "translation_key",
    "locale",
    "page_ptr",
    "librarypage_ptr",
}
"""Set by the tree when a page is added; they cannot be checked before."""

_UNCHECKED_FIELDS = _TREE_FIELDS | {"license", "language"}
"""Also what was taken from the database a moment ago: looking it up again is a query each."""

_SOURCE_FIELDS = {
    "title": "name",
    "summary": "description",
    "year": "datePublished",
    "source_uri": "id",
    "license_uri": "license",
}
"""The record's name of a page field, for messages to those who made the file."""


class Action(Enum):
    """What became of a row. The value is the code in tests, the label stands in the report."""

    PUBLISHED = "published"
    DRAFT = "draft"
    INCOMPLETE = "incomplete"
    UPDATED = "updated"
    OVERWRITTEN = "overwritten"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    DUPLICATE = "duplicate"
    BROKEN = "broken"

    @property
    def label(self) -> str:
        """Return the word in the report."""
        return str(_ACTION_LABELS[self])


_ACTION_LABELS: dict[Action, Promise] = {
    Action.PUBLISHED: gettext_lazy("veröffentlicht"),
    Action.DRAFT: gettext_lazy("Entwurf"),
    Action.INCOMPLETE: gettext_lazy("unvollständig"),
    Action.UPDATED: gettext_lazy("geändert"),
    Action.OVERWRITTEN: gettext_lazy("überschrieben"),
    Action.UNCHANGED: gettext_lazy("unverändert"),
    Action.EDITED: gettext_lazy("bearbeitet"),
    Action.DUPLICATE: gettext_lazy("doppelt"),
    Action.BROKEN: gettext_lazy("fehlerhaft"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller wants done with the records."""

    publish: bool = False
    dry_run: bool = False
    overwrite: bool = False
    default_focus: tuple[Concept, ...] = ()
    default_audience: tuple[Concept, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the report."""

    row: int
    id: str
    action: Action
    reason: str = ""

    def __str__(self) -> str:
        return "\t".join((str(self.row), self.id or "-", self.action.label, self.reason)).rstrip()


class ConceptIndex:
    """All concepts by everything that a record may call them, read with two queries."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], dict[int, Concept]] = {}
        self._by_slug: dict[tuple[str, str], Concept] = {}
        concepts = {c.pk: c for c in Concept.objects.select_related("vocabulary").order_by("vocabulary", "order", "pk")}
        for concept in concepts.values():
            self._by_slug[concept.vocabulary.slug, concept.slug] = concept
            self._add(concept, concept.uri)
            for word in (concept.slug, concept.notation, concept.label):
                self._add_key(concept, word.casefold())
        for concept_id, target in ConceptMapping.objects.order_by("pk").values_list("concept_id", "target"):
            self._add(concepts[concept_id], target)

    def find(self, vocabulary: str, name: str) -> tuple[Concept, ...]:
        """Return all concepts of a vocabulary that a URI, code, slug or label stands for, in their order."""
        key = _uri_key(name) if "://" in name else name.strip().casefold()
        found = self._by_key.get((vocabulary, key), {})
        return tuple(sorted(found.values(), key=lambda concept: (concept.order, concept.pk)))

    def by_slug(self, vocabulary: str, slug: str) -> Concept | None:
        """Return the concept with this slug, or None."""
        return self._by_slug.get((vocabulary, slug))

    def slugs(self, vocabulary: str) -> list[str]:
        """Return the slugs of a vocabulary in the vocabulary's order."""
        return [slug for name, slug in self._by_slug if name == vocabulary]

    def _add(self, concept: Concept, uri: str) -> None:
        if uri:
            key = _uri_key(uri)
            self._add_key(concept, key)
            self._add_key(concept, re.split(r"[/#]", key)[-1].casefold())

    def _add_key(self, concept: Concept, key: str) -> None:
        if key:
            self._by_key.setdefault((concept.vocabulary.slug, key), {})[concept.pk] = concept


def _uri_key(uri: str) -> str:
    """Return a URI without what is written differently for the same thing: http or https, www, last slash."""
    return re.sub(r"^https?://(?:www\.)?", "", uri.strip(), flags=re.IGNORECASE).rstrip("/#")


@dataclass(frozen=True, slots=True)
class _Values:
    """What a page shall hold, in the words of the page model."""

    plain: Mapping[str, str | int | None]
    concepts: Mapping[str, tuple[Concept, ...]]
    body: tuple[str, ...]
    topics: tuple[str, ...]
    links: tuple[Link, ...] | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    def equals(self, content: Mapping[str, Any]) -> bool:
        """Return whether a revision holds these values; topics are left out, they follow from the record."""
        body = [(block["type"], block["value"]) for block in json.loads(content.get("body") or "[]")]
        return (
            all(content.get(name) == value for name, value in self.plain.items())
            and all(
                sorted(content.get(name) or []) == sorted(c.pk for c in chosen)
                for name, chosen in self.concepts.items()
            )
            and body == [("text", text) for text in self.body]
            and (
                self.links is None
                or [(row["url"], row["title"]) for row in content.get("files") or []]
                == [(x.url, x.title) for x in self.links]
            )
        )

    def apply(self, page: LibraryPage, topics: Iterable[Topic]) -> None:
        """Set the values on a page in memory."""
        for name, value in self.plain.items():
            setattr(page, f"{name}_id" if name in ("license", "language") else name, value)
        for name, chosen in self.concepts.items():
            if chosen or page.pk:
                setattr(page, name, list(chosen))
        page.body = [("text", text) for text in self.body]
        page.topic_links = [PageTopic(tag=topic) for topic in topics]
        if self.links is not None:
            rows = [
                MaterialFile(title=link.title, url=link.url, sort_order=order) for order, link in enumerate(self.links)
            ]
            page.files = rows


class PageImporter:
    """Turns rows into pages below one library."""

    def __init__(self, parent: LibraryIndexPage, concepts: ConceptIndex, options: Options) -> None:
        self.parent = parent
        self.concepts = concepts
        self.options = options
        self._seen: dict[str, int] = {}
        self._topics = {topic.name.casefold(): topic for topic in Topic.objects.all()}
        self._new_topics: dict[str, Topic] = {}

    def take(self, row: SourceRow) -> Outcome:
        """Import one row in a transaction of its own and say what became of it.

        A dry run does the same and rolls back: only so can both print the same report. Errors of the
        database itself (gone, full, locked) are raised: they are no fault of the row.
        """
        if row.problem:
            return self._broken(row, "", RowError("", row.problem))
        identifier = _claimed_id(row.value)
        try:
            record = parse(row.value)
            if record.id in self._seen:
                reason = _("gleiche Kennung wie in Datensatz %(row)s") % {"row": self._seen[record.id]}
                return Outcome(row.number, record.id, Action.DUPLICATE, reason)
            self._new_topics = {}
            with transaction.atomic():
                action, reasons = self._import(record)
                if self.options.dry_run:
                    transaction.set_rollback(True)
        except RowError as error:
            return self._broken(row, identifier, error)
        except ValidationError as error:
            return self._broken(row, identifier, _row_error(error))
        except (IntegrityError, DataError) as error:
            return self._broken(row, identifier, RowError("", str(error).splitlines()[0]))
        if not self.options.dry_run:
            self._topics.update(self._new_topics)
        self._seen[record.id] = row.number
        return Outcome(row.number, record.id, action, "; ".join(reasons))

    @staticmethod
    def _broken(row: SourceRow, identifier: str, error: RowError) -> Outcome:
        reason = _("Zeile %(line)s: %(reason)s") % {"line": row.line, "reason": error}
        return Outcome(row.number, identifier, Action.BROKEN, " ".join(reason.split()))

    def _import(self, record: AmbRecord) -> tuple[Action, list[str]]:
        found = (
            LibraryPage.objects.select_for_update(of=("self",))
            .select_related("latest_revision", "content_type")
            .filter(source_uri=record.id)
            .first()
        )
        model = found.specific_class if found else _PAGE_TYPES[record.kind]
        values = self._values(record, model)
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
        edited = _edited(found)
        if edited and not self.options.overwrite:
            return Action.EDITED, [edited]
        revision = found.latest_revision
        if edited or revision is None or found.source_record != record.raw or not values.equals(revision.content):
            self._update(found, record, values, publish)
            reasons.insert(0, _state(publish=publish, live=found.live))
            return Action.OVERWRITTEN if edited else Action.UPDATED, reasons
        if publish and (not found.live or found.has_unpublished_changes):
            revision.publish()
            return Action.PUBLISHED, [_("bisher Entwurf"), *reasons]
        return Action.UNCHANGED, reasons

    def _create(self, model: type[LibraryPage], record: AmbRecord, values: _Values, publish: bool) -> None:
        page = model(
            slug=self._free_slug(record.title),
            live=False,
            locale_id=self.parent.locale_id,
            source_uri=record.id,
            source_record=dict(record.raw),
        )
        values.apply(page, self._topics_for(values.topics))
        self._save_once(page, publish)

    def _update(self, found: LibraryPage, record: AmbRecord, values: _Values, publish: bool) -> None:
        """Write a new revision on top of the latest one, so that what the record doesn't speak of stays."""
        page = found.specific
        if found.latest_revision_id and (found.has_unpublished_changes or not found.live or _edited(found)):
            page = page.get_latest_revision_as_object()
        values.apply(page, self._topics_for(values.topics))
        page.source_record = dict(record.raw)
        if _edited(found) or (found.live and not publish):
            self._save_as_editor(page, publish)
        else:
            self._save_once(page, publish)

    def _save_once(self, page: LibraryPage, publish: bool) -> None:
        """Save page and revision as `save_revision()` and `publish()` do, but the page itself only once.

        Those two save and index the page three times and rebuild it from JSON in between: three
        quarters of the time of an import. Nothing else may be pending on the page: a date in the
        future, a workflow or an editor's draft takes Wagtail's own way, `_save_as_editor`.
        """
        now = timezone.now()
        is_new = page.pk is None
        state: dict[str, Any] = {"has_unpublished_changes": not publish, "latest_revision_created_at": now}
        if publish:
            state |= {"live": True, "expired": False, "last_published_at": now}
            state |= {"first_published_at": page.first_published_at or now}
        page.draft_title = page.title
        page.clean_fields(exclude=_UNCHECKED_FIELDS)
        # Every row of a page (each file) would have the whole page's references read again.
        with disable_reference_index_auto_update():
            if is_new:
                content = self._add(page)
                _set(page, state)
            else:
                _set(page, state)
                page.save(log_action="wagtail.edit")
                content = page.serializable_data()
        ReferenceIndex.create_or_update_for_object(page)
        revision = Revision.objects.create(
            content_object=page,
            base_content_type=page.get_base_content_type(),
            content=content | get_serializable_data_for_fields(page),
            object_str=str(page),
            created_at=now,
        )
        state["latest_revision"] = revision
        if publish:
            state["live_revision"] = revision
        _set(page, state)
        Page.objects.filter(pk=page.pk).update(**state)
        versions.changed(Page)
        self._remember(page, revision)
        if publish:
            page_published.send(sender=type(page), instance=page, revision=revision)
            published.send(sender=type(page), instance=page, revision=revision)
            if not is_new:
                page.update_aliases(revision=revision, _content=revision.content)
            log(instance=page, action="wagtail.publish", revision=revision, content_changed=True)

    def _add(self, page: LibraryPage) -> dict[str, Any]:
        """Add a page below the library and return its content for a revision.

        The relations are read while they are still in memory; only the keys of their rows come later.
        """
        content: dict[str, Any] = page.serializable_data()
        rows = {name: list(getattr(page, name).all()) for name in ("topic_links", "files") if name in content}
        self.parent.add_child(instance=page)
        for name, saved in rows.items():
            content[name] = [get_serializable_data_for_fields(row) for row in saved]
        return content

    def _save_as_editor(self, page: LibraryPage, publish: bool) -> None:
        """Save a revision as the editor's form does; readers see it only if it is published."""
        page.clean_fields(exclude=_UNCHECKED_FIELDS)
        revision = page.save_revision(clean=False, log_action=True)
        self._remember(page, revision, source_record=page.source_record)
        if publish:
            revision.publish()

    @staticmethod
    def _remember(page: LibraryPage, revision: Revision, **values: Any) -> None:
        """Note the revision as ours, in itself and on the page, whose other fields stay as they are."""
        page.imported_revision = revision.content["imported_revision"] = revision.pk
        revision.save(update_fields=["content"])
        LibraryPage.objects.filter(pk=page.pk).update(imported_revision=revision.pk, **values)

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
        """Return the topics of these names, each once; new ones count as known once the row is committed."""
        topics: dict[int, Topic] = {}
        for name in names:
            key = name.casefold()
            topic = self._topics.get(key) or self._new_topics.get(key)
            if topic is None:
                topic = self._new_topics[key] = Topic.objects.create(name=name)
            topics[topic.pk] = topic
        return list(topics.values())

    def _values(self, record: AmbRecord, model: type[LibraryPage]) -> _Values:
        """Say in the words of the page model what the record says."""
        notes = list(record.notes)
        is_material = issubclass(model, MaterialPage)
        concepts = {
            "focus": self._filed(["focus"], record.about) or self.options.default_focus,
            "subject": self._filed(["subject"], record.about),
            "audience": self._filed(["audience"], record.audience) or self.options.default_audience,
            "level": self._filed(["level"], record.levels),
        }
        notes += self._unknown("about", ("focus", "subject"), record.about)
        notes += self._unknown("audience", ("audience",), record.audience)
        notes += self._unknown("educationalLevel", ("level",), record.levels)
        if is_material:
            concepts["kind"] = self._filed(["kind"], record.resource_types)
            concepts["accessibility"] = self._filed(["accessibility"], record.accessibility)
            notes += self._unknown("learningResourceType", ("kind",), record.resource_types)
            notes += self._unknown("accessibilityFeature", ("accessibility",), record.accessibility)
        languages = self._filed(["language"], record.languages)
        if record.languages and not languages:
            notes += self._unknown("inLanguage", ("language",), record.languages[:1])
        license_concept = self._license(record)
        if (record.license or record.license_uri) and license_concept is None:
            notes.append(_unfiled("license", [record.license_uri or record.license]))
        authors = "\n".join(record.authors)
        plain: dict[str, str | int | None] = {
            "title": record.title,
            "summary": record.summary,
            "license": license_concept.pk if license_concept else None,
            "license_uri": _own_license_uri(license_concept, record.license_uri),
            "language": languages[0].pk if languages else None,
            "publisher": record.publisher,
            "year": record.year,
        }
        blocks = [
            "".join(f"<p>{escape(text)}</p>" for text in texts)
            for texts in ((record.full_title,), record.paragraphs)
            if any(texts)
        ]
        if issubclass(model, (MaterialPage, BookPage)):
            plain["authors"] = authors
        elif authors:
            # People of a case study are those it shows, with their consent: who wrote it stands in the text.
            blocks.append(f"<p>{escape(_('Verfasst von: %(names)s') % {'names': ', '.join(record.authors)})}</p>")
        if not is_material and record.links:
            blocks.append(
                "".join(f'<p><a href="{escape(x.url)}">{escape(x.title or x.url)}</a></p>' for x in record.links)
            )
        return _Values(
            plain, concepts, tuple(blocks), record.keywords, record.links if is_material else None, tuple(notes)
        )

    def _license(self, record: AmbRecord) -> Concept | None:
        for name in (record.license, record.license_uri):
            if found := self.concepts.by_slug("license", name) or next(iter(self.concepts.find("license", name)), None):
                return found
        return None

    def _filed(self, vocabularies: Iterable[str], names: Iterable[str]) -> tuple[Concept, ...]:
        found = {c.pk: c for vocabulary in vocabularies for name in names for c in self.concepts.find(vocabulary, name)}
        return tuple(found.values())

    def _unknown(self, field_name: str, vocabularies: Iterable[str], names: Iterable[str]) -> list[str]:
        """Return a note on the values that none of the vocabularies knows, if there are any."""
        unknown = [
            name for name in names if not any(self.concepts.find(vocabulary, name) for vocabulary in vocabularies)
        ]
        return [_unfiled(field_name, unknown)] if unknown else []


def _own_license_uri(concept: Concept | None, uri: str) -> str:
    """Return the licence's address if it says more than the concept: another version, another licence."""
    usual = concept is not None and _uri_key(concept.uri) == _uri_key(re.sub(r"/(?:deed|legalcode)[.\w-]*$", "", uri))
    return "" if usual else uri


def _state(*, publish: bool, live: bool) -> str:
    """Return where a changed page stands now."""
    if publish:
        return _("veröffentlicht")
    return _("als Entwurf, veröffentlicht bleibt der alte Stand") if live else _("Entwurf")


def _set(page: LibraryPage, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(page, name, value)


def _unfiled(field_name: str, values: list[str]) -> str:
    shown = ", ".join(shorten(value, 80, at_sentence=False) for value in values[:3])
    more = len(values) - 3
    if more > 0:
        shown += ngettext(" und %(count)s weiterer", " und %(count)s weitere", more) % {"count": more}
    return _("%(field)s nicht zugeordnet: %(values)s") % {"field": field_name, "values": shown}


def _claimed_id(value: Any) -> str:
    """Return the id of a record that may be broken, as far as it can be printed on one line."""
    identifier = value.get("id") if isinstance(value, dict) else None
    return (
        shorten("".join(c for c in identifier if c.isprintable()), 200, at_sentence=False)
        if isinstance(identifier, str)
        else ""
    )


def _edited(page: LibraryPage) -> str:
    """Return what an editor did to a page since its import, or an empty text."""
    if page.latest_revision_id != page.imported_revision:
        return _("seit dem Import in der Redaktion bearbeitet")
    if not page.live and page.last_published_at is not None:
        return _("seit dem Import zurückgezogen")
    if page.locked:
        return _("in der Redaktion gesperrt")
    return ""


def _row_error(error: ValidationError) -> RowError:
    """Return the first message of a page's validation under the record's name of the field."""
    if hasattr(error, "error_dict"):
        name, messages = next(iter(error.message_dict.items()))
        return RowError(_SOURCE_FIELDS.get(name, "" if name == "__all__" else name), messages[0])
    return RowError("", error.messages[0])
