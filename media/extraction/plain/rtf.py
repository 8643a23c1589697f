"""Text of an RTF file: paragraphs under their headings, table rows, headers, footnotes, descriptions of pictures.

RTF is read token by token: a group is a state on a stack, which is limited. Embedded objects, pictures, hidden and deleted
text are skipped; nothing in a file can make anything else happen.
"""

from __future__ import annotations

import locale
import re
from dataclasses import dataclass, replace
from typing import IO

from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.pieces import Pieces
from media.extraction.plain.decoding import MAX_BYTES

SIGN = b"{\\rtf"
MAX_DEPTH = 200
MAX_TOKENS = 1_500_000
"""Words, signs and pieces of text looked at: a file may be all markup."""

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})?[ ]?|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z'])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_SKIPPED_WORDS = """
fonttbl colortbl pict objdata objclass objname fldinst filetbl rsidtbl themedata colorschememapping datastore
xmlnstbl listtable listoverridetable revtbl latentstyles author operator company subject keywords comment
doccomm hlinkbase template generator annotation atnid atnauthor atnref atnparent bkmkstart bkmkend datafield
wgrffmtfilter passwordhash mmathPr nonshppict pntext pntxta pntxtb listtext creatim revtim printim buptim
"""
_SKIPPED = frozenset(_SKIPPED_WORDS.split())
_READ_DESPITE_STAR = frozenset({"shpinst", "shptxt", "footnote", "shppict"})
_BREAKS = {"line": "\n", "tab": " ", "emdash": "–", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "„"}
_BREAKS |= {"rdblquote": "“", "bullet": "•", "emspace": " ", "enspace": " ", "softline": "\n"}
_APART = frozenset({"footnote", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"})
_HEADING_NAME = re.compile(r"\A(heading|überschrift|title|titel) ?[1-9]?\Z", re.IGNORECASE)
_CODEPAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_CHARSETS = {77: "mac_roman", 161: "cp1253", 162: "cp1254", 177: "cp1255", 178: "cp1256", 186: "cp1257"}
_CHARSETS |= {204: "cp1251", 222: "cp874", 238: "cp1250", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5"}


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within a group, until it ends."""

    target: str = ""
    skipped: bool = False
    hidden: bool = False
    deleted: bool = False
    unicode_skip: int = 1
    codepage: str = "cp1252"


def read(file: IO[bytes]) -> Extracted:
    """Return the text by headings. Raises Refused(TOO_NESTED) for groups within groups within groups."""
    file.seek(0)
    data = file.read(MAX_BYTES + 1)
    reader = _Reader()
    reader.read(data[:MAX_BYTES].decode("latin-1"))
    pieces = reader.pieces
    return Extracted(
        format="rtf",
        pieces=pieces.close(),
        facts=Facts(title=reader.title.strip(), language=reader.language),
        note=Reason.SHORTENED if pieces.is_full or reader.is_cut or len(data) > MAX_BYTES else "",
    )


class _Reader:
    def __init__(self) -> None:
        self.pieces = Pieces()
        self.is_cut = False
        self.title = ""
        self.language = ""
        self._group = _Group()
        self._stack: list[_Group] = []
        self._starred = False
        self._bytes = bytearray()
        self._left = 0
        self._paragraph: list[str] = []
        self._outer: list[tuple[int, list[str]]] = []
        self._cells: list[str] = []
        self._is_heading = False
        self._style = 0
        self._name = ""
        self._headings: set[int] = set()
        self._font = 0
        self._fonts: dict[int, str] = {}
        self._property = ""

    def read(self, text: str) -> None:
        at = tokens = 0
        while at < len(text) and not self.pieces.is_full:
            match = _TOKEN.match(text, at)
            tokens += 1
            if match is None or tokens > MAX_TOKENS:
                self.is_cut = True
                break
            at = match.end()
            kind = match.lastgroup
            if kind == "byte":
                self._byte(int(match["byte"], 16))
            elif kind == "text":
                self._text(match["text"])
            elif kind == "brace":
                self._flush()
                self._open() if match["brace"] == "{" else self._close()
            elif kind == "sign":
                self._sign(match["sign"])
            elif kind in ("word", "number"):
                number = match["number"]
                if match["word"] == "bin":
                    at += max(int(number or 0), 0)
                else:
                    self._word(match["word"], None if number is None else int(number))
        self._flush()
        self._end_paragraph()

    def _open(self) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise Refused(Reason.TOO_NESTED)
        self._stack.append(self._group)
        self._left = 0

    def _close(self) -> None:
        if self._group.target == "stylesheet":
            self._end_style()
        if self._outer and self._outer[-1][0] == len(self._stack):
            self._end_paragraph()
            self._paragraph = self._outer.pop()[1]
        if self._stack:
            self._group = self._stack.pop()
        self._left = 0

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._starred = True
            return
        self._flush()
        if sign == "~":
            self._add(" ")
        elif sign == "_":
            self._add("‑")
        elif sign in "{}\\":
            self._text(sign)
        elif sign in "\r\n":
            self._end_paragraph()

    def _byte(self, code: int) -> None:
        if self._left:
            self._left -= 1
        else:
            self._bytes.append(code)

    def _text(self, text: str) -> None:
        skipped = min(self._left, len(text))
        self._left -= skipped
        self._bytes += text[skipped:].encode("latin-1")

    def _flush(self) -> None:
        if self._bytes:
            self._add(self._bytes.decode(self._group.codepage, "replace"))
            self._bytes.clear()

    def _add(self, text: str) -> None:
        group = self._group
        if group.skipped or group.hidden or group.deleted:
            return
        if group.target == "title":
            self.title += text
        elif group.target == "stylesheet":
            self._name += text
        elif group.target == "sn":
            self._property = text
        elif group.target == "sv":
            if self._property == "wzDescription":
                self._paragraph.append(f" {text} ")
        elif group.target not in ("info", "sp"):
            self._paragraph.append(text)

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        starred, self._starred = self._starred, False
        if word == "u" and number is not None:
            self._add(chr(number % 65_536))
            self._left = self._group.unicode_skip
            return
        self._left = 0
        on = number != 0
        if word in _SKIPPED:
            self._group = replace(self._group, skipped=True, target=word)
        elif word in ("stylesheet", "info", "title", "sp", "sn", "sv"):
            self._group = replace(self._group, target=word, skipped=self._group.skipped)
            self._name = "" if word == "stylesheet" else self._name
        elif starred and word not in _READ_DESPITE_STAR and self._group.target != "stylesheet":
            self._group = replace(self._group, skipped=True)
        elif word in _APART and not self._group.skipped:
            self._outer.append((len(self._stack), self._paragraph))
            self._paragraph = []
        elif word in _BREAKS:
            self._add(_BREAKS[word])
        elif word in ("par", "sect", "page"):
            self._end_paragraph()
        elif word in ("cell", "nestcell"):
            self._end_cell()
        elif word in ("row", "nestrow"):
            self._end_row()
        else:
            self._property_word(word, number or 0, on=on)

    def _property_word(self, word: str, number: int, *, on: bool) -> None:
        if word == "v":
            self._group = replace(self._group, hidden=on)
        elif word == "deleted":
            self._group = replace(self._group, deleted=on)
        elif word == "plain":
            self._group = replace(self._group, hidden=False)
        elif word == "uc":
            self._group = replace(self._group, unicode_skip=min(max(number, 0), 10))
        elif word in _CODEPAGES:
            self._group = replace(self._group, codepage=_CODEPAGES[word])
        elif word == "ansicpg":
            self._group = replace(self._group, codepage=_known(f"cp{number}"))
        elif word == "fcharset":
            self._fonts[self._font] = _CHARSETS.get(number, "cp1252")
        elif word == "f":
            self._font = number
            if self._group.target != "fonttbl" and self._fonts.get(number, "cp1252") != "cp1252":
                self._group = replace(self._group, codepage=self._fonts[number])
            elif self._group.codepage in _CHARSETS.values():
                self._group = replace(self._group, codepage="cp1252")
        elif word == "deflang" and not self.language:
            self.language = locale.windows_locale.get(number, "").replace("_", "-")
        elif word == "s":
            self._style = number
            self._is_heading = self._is_heading or number in self._headings
        elif word == "outlinelevel" and number < 9:
            if self._group.target == "stylesheet":
                self._headings.add(self._style)
            self._is_heading = True
        elif word == "pard":
            self._is_heading = False

    def _end_style(self) -> None:
        if _HEADING_NAME.match(self._name.strip().rstrip(";").strip()):
            self._headings.add(self._style)
        self._name, self._is_heading, self._style = "", False, 0

    def _end_cell(self) -> None:
        text = self._taken()
        if text.strip():
            self._cells.append(text)

    def _end_row(self) -> None:
        self._end_cell()
        self.pieces.paragraph(", ".join(self._cells))
        self._cells = []

    def _end_paragraph(self) -> None:
        text = self._taken()
        if not text.strip():
            return
        if self._outer or not self._is_heading:
            self.pieces.paragraph(text)
        else:
            self.pieces.heading(text)

    def _taken(self) -> str:
        """Return the text of the open paragraph, halves of characters joined, and begin the next one."""
        text = "".join(self._paragraph).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self._paragraph = []
        return text


def _known(codepage: str) -> str:
    try:
        "".encode(codepage)
    except LookupError:
        return "cp1252"
    return codepage
