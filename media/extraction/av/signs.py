"""Sound, film and pictures by their first bytes, before anything that reads them is loaded."""

from __future__ import annotations

_EBML_SIGN = bytes.fromhex("1a45dfa3")
_MP3_SIGNS = (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2")
_NOT_FILM = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1", b"crx ", b"qt  ")
"""Brands of the same container that are pictures, or that browsers do not play."""
_PICTURE_SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


def recording(head: bytes) -> str:
    """Return the format that the first bytes of a file show; empty if they are no sound or film that browsers play."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp" and head[8:12] not in _NOT_FILM:
        return "mp4"
    if head.startswith(_EBML_SIGN) and b"webm" in head[:64]:
        return "webm"
    if head.startswith(_MP3_SIGNS):
        return "mp3"
    return {b"OggS": "ogg", b"fLaC": "flac"}.get(head[:4], "")


def is_picture(head: bytes) -> bool:
    """Return whether the first bytes are those of a picture that browsers show."""
    in_container = head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis")
    return head.startswith(_PICTURE_SIGNS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or in_container
