"""Sound, film and pictures for tests, made from scratch: as little as a browser or a reader needs to know them."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Sequence

from PIL import Image


def wav(seconds: float = 3, pitches: Sequence[int] = (440,), rate: int = 8_000) -> bytes:
    """Return a sound of one tone after the other, each fading."""
    length = int(seconds * rate)
    each = max(1, length // len(pitches))
    samples = bytearray()
    for place in range(length):
        number, within = divmod(place, each)
        pitch = pitches[min(number, len(pitches) - 1)]
        loud = 100 * max(0.0, 1 - within / each) ** 2 * min(1.0, within / 80)
        samples.append(128 + round(loud * math.sin(2 * math.pi * pitch * within / rate)))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        sound.writeframes(bytes(samples))
    return file.getvalue()


def box(name: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    """Return a box of an MP4 file; `size` is what it says of itself."""
    return struct.pack(">I", len(content) + 8 if size is None else size) + name + content


def mp4(seconds: int = 75, brand: bytes = b"isom") -> bytes:
    """Return an MP4 file that holds no picture and no sound, but says how long it is."""
    mvhd = struct.pack(">IIIII", 0, 0, 0, 1_000, seconds * 1_000) + bytes(80)
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"moov", box(b"mvhd", mvhd)) + box(b"mdat", b"\0" * 100)


def element(name: str, content: bytes) -> bytes:
    """Return an element of a WebM file; its length takes eight bytes."""
    return bytes.fromhex(name) + struct.pack(">Q", len(content) | 1 << 56) + content


def webm(seconds: float | None = 12) -> bytes:
    """Return the head of a WebM file; without `seconds` it does not say how long it is, as live recordings."""
    kind = bytes.fromhex("1a45dfa3") + bytes([0x87]) + bytes.fromhex("428284") + b"webm"
    length = b"" if seconds is None else bytes.fromhex("448988") + struct.pack(">d", seconds * 1_000)
    return kind + element("18538067", element("1549a966", bytes.fromhex("2ad7b1830f4240") + length))


def mp3(frames: int = 100) -> bytes:
    """Return an MP3 file of silent frames of 26 milliseconds each."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def picture(format: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, format)
    return file.getvalue()


def vtt(*cues: tuple[str, str, str]) -> bytes:
    """Return captions of (start, end, text), times as `1:02.500`."""
    blocks = (f"{_time(start)} --> {_time(end)}\n{text}\n" for start, end, text in cues)
    return "\n".join(("WEBVTT\n", *blocks)).encode()


def _time(text: str) -> str:
    minutes, _, seconds = text.rpartition(":")
    return f"00:{int(minutes or 0):02}:{float(seconds):06.3f}"
