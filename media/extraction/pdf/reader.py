"""Text of a PDF, page by page."""

from __future__ import annotations

from typing import IO, Any

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError
from pypdf.generic import DictionaryObject

from media.extraction.facts import Facts, PartKind
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.pieces import Pieces
from media.extraction.text import clean

MAX_PAGES = 3_000
MAX_STREAM_BYTES = 24_000_000
"""Unpacked size of one stream. A page of dense text has some 50 kB; pictures are never unpacked."""


def read(file: IO[bytes]) -> Extracted:
    """Return the text of each page. Raises Refused if the file is encrypted, damaged or a bomb.

    Skips and notes a single page that cannot be read.
    """
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
            raise Refused(Reason.ENCRYPTED)
        count = len(reader.pages)
        catalog = reader.root_object
    except (FileNotDecryptedError, DependencyError) as error:
        raise Refused(Reason.ENCRYPTED, str(error)) from error
    except LimitReachedError as error:
        raise Refused(Reason.TOO_LARGE, str(error)) from error
    except RecursionError as error:
        raise Refused(Reason.TOO_NESTED) from error
    except (Refused, MemoryError):
        raise
    except Exception as error:
        # A damaged file can make the library raise nearly anything.
        raise Refused(Reason.DAMAGED, repr(error)) from error
    extracted = Extracted(
        format="pdf", facts=Facts(pages=count, language=_language(catalog), tagged=_is_tagged(catalog))
    )
    pieces = Pieces()
    skipped: list[Refused] = []
    for number in range(1, min(count, MAX_PAGES) + 1):
        try:
            text = _page_text(reader, number)
        except Refused as error:
            if error.reason is Reason.TOO_LARGE:
                raise
            skipped.append(error)
            continue
        pieces.page(number)
        pieces.paragraph(text)
        if pieces.is_full:
            break
    extracted.pieces = pieces.close()
    if skipped and not extracted.pieces:
        raise skipped[0]
    if pieces.is_full or count > MAX_PAGES:
        extracted.note = Reason.SHORTENED
    extracted.leave_out(PartKind.PAGE, len(skipped), count)
    return extracted


def _page_text(reader: pypdf.PdfReader, number: int) -> str:
    try:
        return reader.pages[number - 1].extract_text() or ""
    except LimitReachedError as error:
        raise Refused(Reason.TOO_LARGE, str(error)) from error
    except RecursionError as error:
        raise Refused(Reason.TOO_NESTED, f"page {number}") from error
    except MemoryError:
        raise
    except Exception as error:
        raise Refused(Reason.DAMAGED, f"page {number}: {error!r}"[:200]) from error


def _language(catalog: DictionaryObject) -> str:
    try:
        return clean(str(catalog.get("/Lang", "") or ""))[:12]
    except Exception:  # noqa: BLE001 - a fact that is missing is no reason to refuse the text
        return ""


def _is_tagged(catalog: DictionaryObject) -> bool:
    """Return whether the file declares that its structure is marked (ISO 32000-2, 14.7.1)."""
    try:
        marks: Any = catalog["/MarkInfo"]
        return bool(marks["/Marked"])
    except Exception:  # noqa: BLE001 - as above
        return False
