"""Captions, WebVTT and SRT: what is said, with the times at which each line begins and ends.

A cue stays a piece of its own, with its line breaks: a page joins them to sentences, a player shows them one by one. A
broken cue is left out, the others are read.
"""

from __future__ import annotations

import html
import re
from typing import IO

from media.extraction.facts import Facts, PartKind
from media.extraction.outcome import MAX_CHARACTERS, MAX_PIECES, Extracted, Piece, Reason
from media.extraction.plain.decoding import decoded
from media.extraction.text import clean

MAX_CUE = 1_000
"""Characters kept of a cue."""

_MAX_LINE = 4_000
_TIME = r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})[.,]([0-9]{1,3})"
_TIMES = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}")
_VOICE = re.compile(r"<v(?:\.[^<> ]*)? ([^<>]{1,80})>")
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_LANGUAGE = re.compile(r"Language: *([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)\Z")
_BLOCKS = ("NOTE", "STYLE", "REGION")


def is_srt(text: str) -> bool:
    """Return whether a text begins as SRT files do: a number, then a line of times; the number may be missing."""
    lines = [line for line in text[:2_000].splitlines() if line.strip()][:2]
    return any(_TIMES.match(line) for line in lines[:1]) or (
        len(lines) == 2 and lines[0].strip().isdigit() and _TIMES.match(lines[1]) is not None
    )


def read(file: IO[bytes]) -> Extracted | None:
    """Return the cues, or None if the file is a text of another kind. Raises Refused(UNKNOWN_FORMAT) for no text at all."""
    text, goes_on = decoded(file)
    lines = text.lstrip("﻿").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_vtt = re.match(r"WEBVTT(?=[ \t]|\Z)", lines[0]) is not None
    if not is_vtt and not is_srt(text):
        return None
    cues = _Cues(lines, is_vtt=is_vtt)
    found = Extracted(
        format="vtt" if is_vtt else "srt",
        pieces=cues.found,
        facts=Facts(language=cues.language or None),
        note=Reason.SHORTENED if goes_on or cues.is_full else "",
    )
    found.leave_out(PartKind.PART, cues.broken, cues.broken + len(cues.found))
    return found


class _Cues:
    """The cues of a file, read line by line."""

    def __init__(self, lines: list[str], *, is_vtt: bool) -> None:
        self.found: list[Piece] = []
        self.broken = 0
        self.is_full = False
        self.language = ""
        self._characters = 0
        self._times: tuple[float, float] | None = None
        self._text: list[str] = []
        is_skipped = False
        for number, line in enumerate(lines):
            line = line[:_MAX_LINE]
            times = _TIMES.match(line) if "-->" in line else None
            # An arrow may also be part of what is said.
            if times or ("-->" in line and self._times is None and not is_skipped):
                self._end()
                self._times = _seconds(times) if times else None
                self.broken += self._times is None
                is_skipped = False
            elif not line.strip():
                self._end()
                is_skipped = False
            elif self._times is not None:
                self._text.append(line)
            elif is_vtt and line.startswith(_BLOCKS):
                is_skipped = True
            elif is_vtt and number < 10 and not self.found and (match := _LANGUAGE.match(line.strip())):
                self.language = match[1]
            if self.is_full:
                return
        self._end()

    def _end(self) -> None:
        times, self._times = self._times, None
        lines, self._text = self._text, []
        if times is None:
            return
        text = "\n".join(filter(None, (_shown(line) for line in lines)))[:MAX_CUE]
        if not text:
            return
        if self._characters + len(text) > MAX_CHARACTERS or len(self.found) >= MAX_PIECES:
            self.is_full = True
            return
        self._characters += len(text)
        self.found.append(Piece(text, start=times[0], end=times[1]))


def _shown(line: str) -> str:
    """Return a line as a player shows it; a voice is named as in a play."""
    return clean(html.unescape(_TAG.sub("", _VOICE.sub(r"\1: ", line))))


def _seconds(match: re.Match[str]) -> tuple[float, float] | None:
    """Return start and end; None if no clock shows them or the end comes first."""
    times = []
    for hours, minutes, seconds, fraction in (match.groups()[:4], match.groups()[4:]):
        if int(minutes) > 59 or int(seconds) > 59:
            return None
        whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
        times.append(whole + int(fraction.ljust(3, "0")) / 1000)
    return (times[0], times[1]) if times[0] <= times[1] else None
