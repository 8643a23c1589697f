"""From the files of a page to their searchable passages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from core.declared.searchable import Passage, split_passages
from core.visibility import visible_document
from media.models import Document, ExtractedText, ExtractionStatus

PDF = "pdf"
"""The only format whose viewers open at a page named in the address."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as a page offers it: under the page's own title for it, else the document's."""

    document: int
    title: str = ""


class AttachedTexts:
    """Documents and their texts, read with two queries for any number of pages."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._documents = Document.objects.in_bulk(set(ids))
        hashes = {document.sha256 for document in self._documents.values() if _is_read(document)}
        texts = ExtractedText.objects.filter(sha256__in=hashes) if hashes else ()
        self._texts = {text.sha256: text for text in texts}

    def documents(self, attachments: Iterable[Attachment]) -> list[Document]:
        """Return the documents of the attachments, each once."""
        documents = {attachment.document: self._documents.get(attachment.document) for attachment in attachments}
        return [document for document in documents.values() if document is not None]

    def passages(self, attachments: Iterable[Attachment], private: Collection[int]) -> tuple[Passage, ...]:
        """Return the passages of public attachments; `private` holds the ids of private collections."""
        passages: list[Passage] = []
        seen: set[str] = set()
        for attachment in attachments:
            document = self._documents.get(attachment.document)
            if document is None or not _is_read(document) or not visible_document(document, frozenset(private)):
                continue
            text = self._texts.get(document.sha256)
            if text is not None and document.sha256 not in seen:
                seen.add(document.sha256)
                passages += _passages(text, attachment.title or document.title, document.url)
        return tuple(passages)


def _is_read(document: Document) -> bool:
    return document.extraction_status == ExtractionStatus.DONE and bool(document.sha256)


def _passages(text: ExtractedText, title: str, url: str) -> Iterable[Passage]:
    for piece in text.pieces:
        page = piece["page"]
        address = f"{url}#page={page}" if page and text.format == PDF else url
        place = Passage("", source="file", title=title, url=address, page_number=page, heading=piece["heading"])
        for passage in split_passages([piece["text"]]):
            yield replace(place, text=passage.text)
