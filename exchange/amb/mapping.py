"""Map a record to the fields of our pages: concepts, texts and links.

Nothing is written here. A value that is in no vocabulary becomes a note in the report; the record keeps it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.names import person
from core.declared.reference import Name
from exchange.amb.concepts import ConceptIndex, uri_key
from exchange.amb.record import AmbRecord
from exchange.amb.values.links import Link
from exchange.amb.values.texts import shorten
from library.models import BookPage, LibraryPage, MaterialFile, MaterialPage, PageTopic
from vocabularies.models import Concept, Topic

SOURCE_FIELDS = {
    "title": "name",
    "summary": "description",
    "year": "datePublished",
    "source_uri": "id",
    "license_uri": "license",
}
"""The record's name for a page field, for messages to the authors of the file."""


@dataclass(frozen=True, slots=True)
class PageValues:
    """The values a page should hold, in the fields of the page model."""

    plain: Mapping[str, Any]
    concepts: Mapping[str, tuple[Concept, ...]]
    body: tuple[str, ...]
    topics: tuple[str, ...]
    links: tuple[Link, ...] | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    def equals(self, content: Mapping[str, Any]) -> bool:
        """Return whether a revision holds these values; topics are ignored, because they follow from the record."""
        body = [(block["type"], block["value"]) for block in json.loads(content.get("body") or "[]")]
        return (
            # A revision from before a field has none: that is no change as long as there is nothing to say.
            all(content[name] == value if name in content else not value for name, value in self.plain.items())
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


class RecordMapping:
    """Map records to pages; `focus` and `audience` are the defaults for records without any."""

    def __init__(self, concepts: ConceptIndex, focus: tuple[Concept, ...], audience: tuple[Concept, ...]) -> None:
        self.concepts = concepts
        self.focus = focus
        self.audience = audience

    def values(self, record: AmbRecord, model: type[LibraryPage]) -> PageValues:
        """Return the record's values in the fields of the page model."""
        notes = list(record.notes)
        is_material = issubclass(model, MaterialPage)
        concepts = {
            "focus": self.concepts.filed(["focus"], record.about) or self.focus,
            "subject": self.concepts.filed(["subject"], record.about),
            "audience": self.concepts.filed(["audience"], record.audience) or self.audience,
            "level": self.concepts.filed(["level"], record.levels),
        }
        # Only where a record speaks of it: AMB has no field for it, and an editor's choice must stay.
        if schools := self.concepts.filed(["school_type"], record.levels):
            concepts["school_type"] = schools
        notes += self._unknown("about", ("focus", "subject"), record.about)
        notes += self._unknown("audience", ("audience",), record.audience)
        notes += self._unknown("educationalLevel", ("level", "school_type"), record.levels)
        if is_material:
            concepts["kind"] = self.concepts.filed(["kind"], record.resource_types)
            concepts["accessibility"] = self.concepts.filed(["accessibility"], record.accessibility)
            notes += self._unknown("learningResourceType", ("kind",), record.resource_types)
            notes += self._unknown("accessibilityFeature", ("accessibility",), record.accessibility)
        languages = self.concepts.filed(["language"], record.languages)
        if record.languages and not languages:
            notes += self._unknown("inLanguage", ("language",), record.languages[:1])
        license_concept = self._license(record)
        if (record.license or record.license_uri) and license_concept is None:
            notes.append(_unfiled("license", [record.license_uri or record.license]))
        authors = "\n".join(map(str, record.authors))
        year, refusal = _allowed_year(record.year)
        notes += refusal
        plain: dict[str, Any] = {
            "title": record.title,
            "summary": record.summary,
            "license": license_concept.pk if license_concept else None,
            "license_uri": _own_license_uri(license_concept, record.license_uri),
            "language": languages[0].pk if languages else None,
            "publisher": record.publisher,
            "year": year,
        }
        blocks = [
            "".join(f"<p>{escape(text)}</p>" for text in texts)
            for texts in ((record.full_title,), record.paragraphs)
            if any(texts)
        ]
        if issubclass(model, (MaterialPage, BookPage)):
            plain["authors"] = authors
            plain["known_names"] = _known_names(record.authors)
        elif authors:
            # People of a case study are those it shows, with their consent; its authors go into the text.
            blocks.append(
                f"<p>{escape(_('Verfasst von: %(names)s') % {'names': ', '.join(map(str, record.authors))})}</p>"
            )
        if not is_material and record.links:
            blocks.append(
                "".join(f'<p><a href="{escape(x.url)}">{escape(x.title or x.url)}</a></p>' for x in record.links)
            )
        return PageValues(
            plain, concepts, tuple(blocks), record.keywords, record.links if is_material else None, tuple(notes)
        )

    def _license(self, record: AmbRecord) -> Concept | None:
        for name in (record.license, record.license_uri):
            if found := self.concepts.by_slug("license", name) or next(iter(self.concepts.find("license", name)), None):
                return found
        return None

    def _unknown(self, field_name: str, vocabularies: Iterable[str], names: Iterable[str]) -> list[str]:
        """Return a note on the values that are in none of the vocabularies, if any."""
        unknown = self.concepts.unknown(vocabularies, names)
        return [_unfiled(field_name, unknown)] if unknown else []


def _allowed_year(year: int | None) -> tuple[int | None, list[str]]:
    """Return the year if a page can have it, else none and a note."""
    try:
        if year is not None:
            LibraryPage._meta.get_field("year").run_validators(year)
    except ValidationError as error:
        note = _("%(field)s weggelassen: %(reason)s")
        return None, [note % {"field": SOURCE_FIELDS["year"], "reason": error.messages[0]}]
    return year, []


def _known_names(authors: Iterable[str | Name]) -> dict[str, dict[str, Any]]:
    """Return what the record says of names, where it makes a citation another one."""
    return {name.text: name.known() for name in authors if isinstance(name, Name) and person(name) != person(name.text)}


def _own_license_uri(concept: Concept | None, uri: str) -> str:
    """Return the licence's URI if it says more than the concept: another version, another licence."""
    usual = concept is not None and uri_key(concept.uri) == uri_key(re.sub(r"/(?:deed|legalcode)[.\w-]*$", "", uri))
    return "" if usual else uri


def _unfiled(field_name: str, values: list[str]) -> str:
    shown = ", ".join(shorten(value, 80, at_sentence=False) for value in values[:3])
    more = len(values) - 3
    if more > 0:
        shown += ngettext(" und %(count)s weiterer", " und %(count)s weitere", more) % {"count": more}
    return _("%(field)s nicht zugeordnet: %(values)s") % {"field": field_name, "values": shown}
