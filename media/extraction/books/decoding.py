"""From the bytes of a page to its text, whatever it says of its encoding, and whether it says so at all.

Bytes that are UTF-8 are UTF-8: hardly any text in another encoding looks like it by accident, while pages that declare
a wrong one are common.
"""

from __future__ import annotations

import codecs
import re

from media.extraction.outcome import Reason, Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I)  # fmt: skip
_DECLARED_WITHIN = 4_096
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,400}\?>")
_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32)])
_NOISE = 20
"""One in so many characters that no text holds: then it is none."""

_NO_ENCODINGS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"})
_SMALLER = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gbk", "shift_jis": "cp932"}
"""Encodings that are always read as the greater ones that contain them."""


def decode(data: bytes, declared: str = "") -> str:
    """Return the text without its XML declaration. Raises Refused(DAMAGED) for what is no text."""
    text = _decoded(data, declared)
    kept = text.translate(_CONTROLS)
    if not kept.strip() or len(text) - len(kept) > len(text) // _NOISE:
        raise Refused(Reason.DAMAGED, "no text")
    return _XML_DECLARATION.sub("", kept, count=1)


def _decoded(data: bytes, declared: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if data[:2] in (b"<\0", b"\0<"):
        return data.decode("utf-16-le" if data[0] else "utf-16-be", "replace")
    name = _codec(declared) or _codec_in(data)
    if data.isascii():
        return data.decode(name if name.startswith(("iso2022", "hz")) else "ascii", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if name and not name.startswith(("utf", "iso2022", "hz")):
        return data.decode(name, "replace")
    # UTF-8 with a broken character here and there, or another encoding that nobody has named?
    text = data.decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    whole = sum(not sign.isascii() for sign in text) - broken
    return text if whole > broken else data.decode("cp1252", "replace")


def _codec_in(data: bytes) -> str:
    """Return the codec that a page names in its own first lines; that of a meta element if the first is of no use."""
    for match in _DECLARED.finditer(data[:_DECLARED_WITHIN]):
        name = _codec((match[1] or match[2]).decode("ascii", "replace"))
        if name and name != "utf-8":
            return name
    return ""


def _codec(name: str) -> str:
    """Return Python's name of a codec for text; empty if there is none."""
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # Not every codec is one of text: some unpack, and a bomb would be unpacked uncounted.
    if not getattr(known, "_is_text_encoding", False) or known.name in _NO_ENCODINGS:
        return ""
    return _SMALLER.get(known.name, known.name)
