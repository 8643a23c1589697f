"""From the files of a page to their searchable passages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.declared.searchable import PASSAGE_LENGTH, Passage, split_passages
from core.visibility import visible_document
from media.kinds import RECORDINGS, Kind
from media.models import Document, ExtractedText, ExtractionStatus

PDF = "pdf"
"""The only format whose viewers open at a page named in the address."""

SENTENCE_ENDS = (".", "!", "?", "…", "“", '"', ":")
SENTENCE_LENGTH = 200
SENTENCE_SECONDS = 20.0
"""Captions are cut by time; joined to sentences they can be read. A sentence without an end has one here."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as a page offers it: under the page's own title for it, else the document's."""

    document: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said at a time: captions joined to a sentence; `start` is in seconds."""

    start: float
    text: str


class AttachedTexts:
    """Documents and, when they are asked for, their texts, read with two queries for any number of pages."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._documents = Document.objects.in_bulk(set(ids))

    @cached_property
    def _texts(self) -> dict[str, ExtractedText]:
        hashes = {document.sha256 for document in self._documents.values() if _is_read(document)}
        texts = ExtractedText.objects.filter(sha256__in=hashes) if hashes else ()
        return {text.sha256: text for text in texts}

    def documents(self, attachments: Iterable[Attachment]) -> list[Document]:
        """Return the documents of the attachments in order, each once."""
        documents = {attachment.document: self._documents.get(attachment.document) for attachment in attachments}
        return [document for document in documents.values() if document is not None]

    def passages(self, attachments: Sequence[Attachment], private: Collection[int]) -> tuple[Passage, ...]:
        """Return the passages of public attachments; `private` holds the ids of private collections."""
        passages: list[Passage] = []
        seen: set[str] = set()
        public = {
            file.document: (document, file.title or document.title)
            for file in attachments
            if (document := self._documents.get(file.document)) and visible_document(document, frozenset(private))
        }
        spoken = recordings_of([document for document, _title in public.values()])
        for document, title in public.values():
            if document.description and document.ending and document.ending.kind == Kind.PICTURE:
                passages.append(Passage(document.description, source="file", title=title, url=document.url))
            text = self._texts.get(document.sha256) if _is_read(document) else None
            if text is not None and document.sha256 not in seen:
                seen.add(document.sha256)
                recording = spoken.get(document.pk, document)
                name = title if recording is document else public[recording.pk][1]
                passages += _passages(text, name, recording.url)
        return tuple(passages)


def recordings_of(documents: Sequence[Document]) -> dict[int, Document]:
    """Return the recording that each captions file belongs to: the one before it in the list, else the next one."""
    found: dict[int, Document] = {}
    waiting: list[int] = []
    recording: Document | None = None
    for document in documents:
        kind = document.ending.kind if document.ending else None
        if kind in RECORDINGS:
            recording = document
            found.update(dict.fromkeys(waiting, recording))
            waiting = []
        elif kind == Kind.CAPTIONS:
            if recording is not None:
                found[document.pk] = recording
            else:
                waiting.append(document.pk)
    return found


def know_captions(documents: Sequence[Document]) -> None:
    """Tell each recording among the public files of a page whether it has captions there.

    Captions that nobody has read yet leave it open.
    """
    spoken = recordings_of(documents)
    for document in documents:
        if document.ending is None or document.ending.kind not in RECORDINGS:
            continue
        captions = [one for one in documents if spoken.get(one.pk) is document]
        is_open = any(one.extraction_status == ExtractionStatus.PENDING for one in captions)
        document.has_captions = any(_is_read(one) for one in captions) or (None if is_open else False)


def sentences(pieces: Iterable[Mapping[str, Any]]) -> Iterator[Sentence]:
    """Join the pieces of captions to sentences, each with the time at which it begins."""
    start = 0.0
    texts: list[str] = []
    for piece in pieces:
        if texts and piece["start"] - start > SENTENCE_SECONDS:
            yield Sentence(start, " ".join(texts))
            texts = []
        start = start if texts else piece["start"]
        texts.append(" ".join(piece["text"].split()))
        if texts[-1].endswith(SENTENCE_ENDS) or sum(map(len, texts)) > SENTENCE_LENGTH:
            yield Sentence(start, " ".join(texts))
            texts = []
    if texts:
        yield Sentence(start, " ".join(texts))


def at_time(url: str, start: float) -> str:
    """Return the address at which players begin with this second."""
    return f"{url}#t={int(start)}"


def _is_read(document: Document) -> bool:
    return document.extraction_status == ExtractionStatus.DONE and bool(document.sha256)


def _passages(text: ExtractedText, title: str, url: str) -> Iterator[Passage]:
    in_file = Passage("", source="file", title=title, url=url)
    if text.pieces and "start" in text.pieces[0]:
        for sentence in sentences(text.pieces):
            yield replace(in_file, text=sentence.text, url=at_time(url, sentence.start))
        return
    if text.format == "zip":
        for names in _together(piece["text"] for piece in text.pieces):
            yield replace(in_file, text=names)
        return
    for piece in text.pieces:
        page, row, heading = piece["page"], piece.get("row"), piece["heading"]
        if row:
            heading = _("%(sheet)s, Zeile %(row)s") % {"sheet": heading, "row": row}
        address = f"{url}#page={page}" if page and text.format == PDF else url
        place = replace(in_file, url=address, page_number=page, heading=heading)
        for passage in split_passages([piece["text"]]):
            yield replace(place, text=passage.text)


def _together(names: Iterable[str]) -> Iterator[str]:
    """Join names of members to texts no longer than a passage; signs that stand for spaces become spaces."""
    text = ""
    for name in names:
        name = " ".join(name.replace("_", " ").replace("/", " / ").split())
        if text and len(text) + len(name) > PASSAGE_LENGTH:
            yield text
            text = ""
        text = f"{text}; {name}" if text else name
    if text:
        yield text
