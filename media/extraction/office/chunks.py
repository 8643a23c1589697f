"""A file of another format that stands for a part of a document (`w:altChunk`): a page, plain text, a document."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from email.parser import BytesParser
from email.policy import compat32
from typing import BinaryIO

from media.extraction.archive import Archive
from media.extraction.books.decoding import decode
from media.extraction.books.webpage import page_blocks
from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.parts import Block

_PAGE_SIGNS = (
    b"<html",
    b"<!doctype",
    b"<body",
    b"<head",
    b"<p",
    b"<div",
    b"<h1",
    b"<table",
    b"<meta",
    b"<span",
    b"<ul",
)
_MAIL_SIGNS = (b"mime-version:", b"from: ", b"content-type: multipart", b"message-id:")
_OTHER_SIGNS = (b"PK\x03\x04", b"{\\rtf", b"%PDF-", bytes.fromhex("d0cf11e0a1b11ae1"))


def chunk_blocks(
    archive: Archive, member: str, facts: Facts, nested: Callable[[BinaryIO], Extracted]
) -> Iterator[Block]:
    """Yield the text of the member. Raises Refused if it cannot be read; `nested` reads what is a file of its own."""
    data = archive.read(member)
    head = data[:4_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(_OTHER_SIGNS):
        yield from _nested_blocks(nested(io.BytesIO(data)), facts)
    elif head.startswith(_MAIL_SIGNS):
        for page in _pages_of_archive(data):
            yield from page_blocks(page, facts)
    elif any(sign in head for sign in _PAGE_SIGNS) or member.lower().endswith((".htm", ".html", ".xhtml")):
        yield from page_blocks(decode(data), facts)
    else:
        for text in decode(data).replace("\r\n", "\n").split("\n"):
            yield False, text


def _nested_blocks(found: Extracted, facts: Facts) -> Iterator[Block]:
    for name in ("headings", "pictures", "described_pictures"):
        setattr(facts, name, (getattr(facts, name) or 0) + (getattr(found.facts, name) or 0))
    for piece in found.pieces:
        if piece.heading and piece.text.startswith(piece.heading):
            yield True, piece.heading
            yield False, piece.text.removeprefix(piece.heading).lstrip(" ·")
        else:
            yield False, piece.text
    if found.reason or found.note:
        raise Refused(Reason(found.reason or Reason.DAMAGED), "file within the file")


def _pages_of_archive(data: bytes) -> Iterator[str]:
    """Yield the pages and texts of a web archive (MHTML), which has the form of a message."""
    message = BytesParser(policy=compat32).parsebytes(data)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml", "text/plain"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield decode(content, part.get_content_charset() or "")
