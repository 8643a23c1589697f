"""Text of an e-book in spine order, by headings."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from media.extraction.archive import Archive, resolve
from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.pieces import Pieces
from media.extraction.xml import END, START, TEXT, attribute, events, local

TYPE = b"application/epub+zip"
MAX_CHAPTERS = 2_000
_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_XHTML = "application/xhtml+xml"
_FONT_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Algorithms that encrypt fonts only, which reading the text does not need."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | frozenset(
    {
        *("p", "div", "li", "dt", "dd", "td", "th", "tr", "table", "ul", "ol", "dl", "section", "article", "aside"),
        *("blockquote", "figure", "figcaption", "caption", "pre", "header", "footer", "main", "body", "hr"),
    }
)
_NOT_READ = frozenset({"head", "script", "style", "svg", "math", "nav", "template", "rp", "rt"})


def read(archive: Archive) -> Extracted:
    """Return the text by headings. Raises Refused if the book is encrypted or a chapter is missing."""
    if _ENCRYPTION in archive.names:
        _check_encryption(archive)
    package = _package(archive)
    chapters, language = _spine(archive, package)
    pieces = Pieces()
    for name in chapters[:MAX_CHAPTERS]:
        if name not in archive.names:
            raise Refused(Reason.DAMAGED, f"{name[:80]} is missing")
        _chapter(archive, name, pieces)
        if pieces.is_full:
            break
    return Extracted(
        format="epub",
        pieces=pieces.close(),
        facts=Facts(language=language),
        note=Reason.SHORTENED if pieces.is_full or len(chapters) > MAX_CHAPTERS else "",
    )


def _check_encryption(archive: Archive) -> None:
    with archive.open(_ENCRYPTION) as reader:
        for event, node in events(reader):
            is_method = event == START and local(node) == "EncryptionMethod"
            if is_method and attribute(node, "Algorithm") not in _FONT_OBFUSCATION:
                raise Refused(Reason.ENCRYPTED)


def _package(archive: Archive) -> str:
    """Return the name of the member that describes the book."""
    if _CONTAINER in archive.names:
        with archive.open(_CONTAINER) as reader:
            for event, node in events(reader):
                if event == START and local(node) == "rootfile":
                    name = resolve("", attribute(node, "full-path"))
                    if name in archive.names:
                        return name
    raise Refused(Reason.DAMAGED, "no package")


def _spine(archive: Archive, package: str) -> tuple[list[str], str]:
    """Return the chapters in reading order and the language of the book."""
    texts: dict[str, str] = {}
    order: list[str] = []
    language = ""
    with archive.open(package) as reader:
        for event, node in events(reader, document_type=True):
            if event == TEXT:
                continue
            name = local(node)
            if event == START and name == "item" and attribute(node, "media-type") == _XHTML:
                address = unquote(urlsplit(attribute(node, "href")).path)
                texts[attribute(node, "id")] = resolve(package, address)
            elif event == START and name == "itemref":
                order.append(attribute(node, "idref"))
            elif event == END and name == "language" and not language:
                language = (node.text or "").strip()[:12]
    return [texts[key] for key in order if key in texts], language


def _chapter(archive: Archive, name: str, pieces: Pieces) -> None:
    texts: list[str] = []
    heading = skipped = 0

    def flush() -> None:
        text = "".join(texts)
        texts.clear()
        if heading:
            pieces.heading(text)
        else:
            pieces.paragraph(text)

    with archive.open(name) as reader:
        for event, node in events(reader, document_type=True):
            if event == TEXT:
                if not skipped:
                    texts.append(node)
                continue
            tag = local(node)
            if tag in _NOT_READ:
                skipped += 1 if event == START else -1
            elif skipped:
                continue
            elif tag == "br" and event == START:
                texts.append("\n")
            elif tag in _BLOCKS:
                if event == END or not heading:
                    flush()
                if tag in _HEADINGS:
                    heading += 1 if event == START else -1
            if pieces.is_full:
                return
