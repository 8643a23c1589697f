"""Text and facts of a PDF, page by page, by two readers: what one cannot open or read, the other may.

pypdf goes first because its limits refuse what is made to exhaust memory; it knows the structure, fields and notes. pdfium
finds the words, in a tenth of the time; where its result is doubtful, `choosing` decides between the two.
"""

from __future__ import annotations

import io
import re
import time
from typing import IO, Any

import pypdf
import pypdfium2
from pypdf.errors import FileNotDecryptedError, LimitReachedError

from media.extraction.facts import Facts, PartKind
from media.extraction.outcome import MAX_CHARACTERS, Extracted, Reason, Refused
from media.extraction.pdf.active import is_active
from media.extraction.pdf.annotations import annotation_texts
from media.extraction.pdf.choosing import better, is_doubtful
from media.extraction.pdf.layout import PageText
from media.extraction.pdf.measures import measure, measure_by_pdfium
from media.extraction.pdf.page_ends import join_page_ends
from media.extraction.pieces import Pieces

MAX_PAGES = 3_000
MAX_STREAM_BYTES = 24_000_000
"""Unpacked size of one stream. A page of dense text has some 50 kB; pictures are never unpacked."""

MAX_FORMS = 100
"""Forms of a page whose size is checked before pdfium, which has no such limits, unpacks them."""

FAST_AFTER = 8.0
"""Seconds of processor time after which only the faster reader is asked, so that a long file is read to its end."""

PICTURE_LETTERS = 60
"""A page with a picture as large as itself and fewer letters is a scan; programs of scanners add a line of their own."""

PICTURE_SHARE = 0.6


def read(file: IO[bytes], *, careful: bool = False) -> Extracted:
    """Return the text of each page and the facts of the file. Raises Refused if it is encrypted, damaged or a bomb.

    A page that cannot be read is left out and counted. `careful` leaves out the reader in machine code.
    """
    source = _Source(file, careful=careful)
    count = source.count
    extracted = Extracted(format="pdf", facts=Facts(pages=count))
    if source.reader is not None:
        measure(source.reader, extracted.facts)
    elif source.document is not None:
        measure_by_pdfium(source.document, extracted.facts)
    texts: list[str] = []
    notes: list[list[str]] = []
    failures: list[Refused] = []
    pictures = characters = 0
    for index in range(min(count, MAX_PAGES)):
        text = ""
        try:
            text = source.text(index)
        except Refused as failure:
            failures.append(failure)
        texts.append(text)
        notes.append(source.annotations(index))
        pictures += source.is_picture
        characters += len(text)
        if characters > MAX_CHARACTERS:
            break
    join_page_ends(texts)
    pieces = Pieces()
    for number, (text, added) in enumerate(zip(texts, notes, strict=True), start=1):
        pieces.page(number)
        for part in (text, *added):
            pieces.paragraph(part)
    extracted.pieces = pieces.close()
    if failures and not extracted.pieces:
        raise failures[0]
    _note_pictures(extracted.facts, pictures, texts)
    if pieces.is_full or count > MAX_PAGES:
        extracted.note = Reason.SHORTENED
    if source.reader is not None and is_active(source.reader):
        extracted.note = Reason.ACTIVE
    extracted.leave_out(PartKind.PAGE, len(failures), count)
    return extracted


def _note_pictures(facts: Facts, pictures: int, texts: list[str]) -> None:
    facts.picture_pages = pictures
    facts.scan = bool(pictures) and pictures >= sum(1 for text in texts if text.strip())
    if facts.scan:
        # The pages themselves need words, not descriptions.
        facts.pictures = facts.described_pictures = None


def _with_trailer(file: IO[bytes]) -> IO[bytes] | None:
    """Return a file that lost its end with a new one, from which pdfium finds the objects; None if that is no help."""
    file.seek(0)
    data = file.read()
    start = data.rfind(b" 0 obj", 0, max(data.rfind(b"/Catalog"), 0))
    number = _NUMBER.search(data[max(start - 8, 0) : max(start, 0)])
    if number is None or data.endswith(_END):
        return None
    return io.BytesIO(b"%s\ntrailer\n<< /Root %s 0 R >>\n%s" % (data, number[0], _END))


_NUMBER = re.compile(rb"\d{1,7}\Z")
_END = b"startxref\n0\n%%EOF\n"


class _Source:
    """A file as both readers see it; one of them may be missing."""

    def __init__(self, file: IO[bytes], *, careful: bool) -> None:
        self.reader: pypdf.PdfReader | None = None
        self.document: pypdfium2.PdfDocument | None = None
        self.count = 0
        self.is_picture = False
        self._checked: set[int] = set()
        self._fast_from = time.process_time() + FAST_AFTER
        refused = self._open_reader(file)
        if not careful:
            refused = self._open_document(file) or refused
        if self.reader is None and self.document is None:
            raise refused or Refused(Reason.DAMAGED)
        pages = len(self.reader.pages) if self.reader is not None else 0
        drawn = len(self.document) if self.document is not None else 0
        # Where they disagree about a damaged file, page numbers must not mix.
        if pages != drawn and pages and drawn:
            if drawn >= pages:
                self.reader = None
            else:
                self.document = None
        self.count = max(pages, drawn)

    def _open_reader(self, file: IO[bytes]) -> Refused | None:
        """Open the file with pypdf; return why that failed. Raises Refused for what nobody should open."""
        pypdf.overwrite_configuration(
            zlib_maximum_output_length=MAX_STREAM_BYTES,
            lzw_maximum_output_length=MAX_STREAM_BYTES,
            run_length_maximum_output_length=MAX_STREAM_BYTES,
            array_based_stream_maximum_output_length=MAX_STREAM_BYTES,
            stream_decoding_work_maximum_length=4 * MAX_STREAM_BYTES,
            stream_filters_maximum_length=4,
            page_tree_maximum_entries=20_000,
        )
        try:
            reader = pypdf.PdfReader(file)
            # Many files have restrictions but need no password for reading.
            if reader.is_encrypted and not reader.decrypt(""):
                return Refused(Reason.ENCRYPTED)
            len(reader.pages)
            _ = reader.root_object
        except FileNotDecryptedError as error:
            return Refused(Reason.ENCRYPTED, str(error))
        except LimitReachedError as error:
            raise Refused(Reason.TOO_LARGE, str(error)) from error
        except RecursionError as error:
            raise Refused(Reason.TOO_NESTED) from error
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a damaged file can make the library raise nearly anything
            return Refused(Reason.DAMAGED, repr(error)[:200])
        self.reader = reader
        return None

    def _open_document(self, file: IO[bytes]) -> Refused | None:
        try:
            self.document = pypdfium2.PdfDocument(file)
            len(self.document)
        except pypdfium2.PdfiumError as error:
            reason = Reason.ENCRYPTED if "assword" in str(error) else Reason.DAMAGED
            if reason is Reason.ENCRYPTED or self.reader is not None or (mended := _with_trailer(file)) is None:
                self.document = None
                return Refused(reason, str(error))
            return self._open_document(mended)
        return None

    def text(self, index: int) -> str:
        """Return the text of a page, and note whether it is a picture. Raises Refused if neither reader can read it."""
        self.is_picture = False
        failure = self._check(index)
        first = None
        if self.document is not None and (failure is None or failure.reason is not Reason.TOO_LARGE):
            try:
                first = self._words(self.document, index)
            except pypdfium2.PdfiumError as error:
                failure = failure or Refused(Reason.DAMAGED, str(error))
        wants_other = first is None or not first.strip() or is_doubtful(first)
        if self.reader is None or not wants_other or (first is not None and time.process_time() > self._fast_from):
            if first is None:
                raise failure or Refused(Reason.DAMAGED)
            return first
        try:
            other = self.reader.pages[index].extract_text() or ""
        except LimitReachedError as error:
            raise Refused(Reason.TOO_LARGE, str(error)) from error
        except RecursionError as error:
            failure = failure or Refused(Reason.TOO_NESTED, f"page {index + 1}: {error}")
            other = ""
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            failure = failure or Refused(Reason.DAMAGED, f"page {index + 1}: {error!r}"[:200])
            other = ""
        text = other if first is None else better(first, other)
        if failure is not None and not text.strip():
            raise failure
        return text

    def annotations(self, index: int) -> list[str]:
        """Return the values of fields and the notes of a page."""
        try:
            return annotation_texts(self.reader.pages[index]) if self.reader is not None else []
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - as above; the text of the page is what matters
            return []

    def _words(self, document: pypdfium2.PdfDocument, index: int) -> str:
        page = PageText(document, index)
        try:
            text = page.words() if time.process_time() < self._fast_from else page.plain()
            letters = sum(map(str.isalpha, text))
            self.is_picture = letters < PICTURE_LETTERS and page.picture_share() > PICTURE_SHARE
            return text
        finally:
            page.close()

    def _check(self, index: int) -> Refused | None:
        """Unpack what draws a page within pypdf's limits; return why it cannot be."""
        if self.reader is None:
            return None
        try:
            page: Any = self.reader.pages[index]
            contents = page.get("/Contents")
            parts = contents if isinstance(contents, list) else [contents] if contents is not None else []
            waiting = [part.get_object() for part in parts]
            resources = page.get("/Resources") or {}
            waiting += [one.get_object() for one in list((resources.get("/XObject") or {}).values())[:MAX_FORMS]]
            for stream in waiting:
                self._unpack(stream)
        except LimitReachedError as error:
            return Refused(Reason.TOO_LARGE, str(error))
        except RecursionError as error:
            return Refused(Reason.TOO_NESTED, f"page {index + 1}: {error}")
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            return Refused(Reason.DAMAGED, f"page {index + 1}: {error!r}"[:200])
        return None

    def _unpack(self, stream: Any) -> None:
        if not hasattr(stream, "get_data") or stream.get("/Subtype") == "/Image":
            return
        reference = stream.indirect_reference
        if reference is not None and reference.idnum in self._checked:
            return
        stream.get_data()
        if reference is not None:
            self._checked.add(reference.idnum)
