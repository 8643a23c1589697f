"""Pictures as cameras and programs write them, with everything they tell beside themselves."""

from __future__ import annotations

import io
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageSequence, PngImagePlugin

TOLD = (b"Lena", b"Kamerafirma", b"adobe:ns:meta", b"SECRETPOSITION")
"""What no stored file may hold."""

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="Lena"/></rdf:RDF></x:xmpmeta>'
)
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x09\x1c\x02\x50\x00\x04Lena\x00"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SIDEWAYS = 6


def exif(orientation: int | None = SIDEWAYS) -> Image.Exif:
    """Return EXIF data with a position, a name, a device and, unless told otherwise, a picture lying on its side."""
    data = Image.Exif()
    data[0x010F], data[0x013B] = "Kamerafirma", "Lena"
    if orientation:
        data[0x0112] = orientation
    data.get_ifd(0x8825).update({1: "N", 2: (51.0, 2.0, 59.0), 3: "E", 4: (13.0, 44.0, 30.0), 0x1B: b"SECRETPOSITION"})
    return data


def _saved(format: str, frames: int = 1, mode: str = "RGB", **options: Any) -> bytes:
    pictures = [Image.effect_noise((120, 80), 60 + number).convert(mode) for number in range(frames)]
    if frames > 1:
        options |= {"save_all": True, "append_images": pictures[1:], "duration": [50, 100, 150][:frames], "loop": 2}
    file = io.BytesIO()
    pictures[0].save(file, format, **options)
    return file.getvalue()


def _png_texts() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Lena")
    texts.add_text("Comment", "Lena war hier", zip=False)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return texts


def _jpeg() -> bytes:
    """A JPEG with EXIF, XMP, IPTC, a comment, and a second file behind its end."""
    whole = _saved("JPEG", exif=exif(), xmp=XMP, comment=b"Lena war hier", icc_profile=PROFILE)
    iptc = b"\xff\xed" + (len(IPTC) + 2).to_bytes(2, "big") + IPTC
    return whole[:2] + iptc + whole[2:] + b"Lena hinter dem Ende"


def _segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2, "big") + data


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _box(kind: bytes, data: bytes) -> bytes:
    return (8 + len(data)).to_bytes(4, "big") + kind + data


def _into(content: bytes, *parts: bytes) -> bytes:
    """A JPEG with segments after its first sign."""
    return content[:2] + b"".join(parts) + content[2:]


def _several() -> bytes:
    """A JPEG of a camera with a large preview behind the picture, which has a text of its own (MPF)."""
    file = io.BytesIO()
    first, second = (Image.effect_noise((60, 40), spread).convert("RGB") for spread in (50, 90))
    first.save(file, "MPO", save_all=True, append_images=[second])
    return file.getvalue() + _segment(0xFE, b"Lena war hier")


def _preview() -> bytes:
    """A JPEG whose EXIF holds a small copy of itself, with its own text."""
    small = io.BytesIO()
    Image.new("RGB", (16, 12), "red").save(small, "JPEG", comment=b"Lena war hier")
    block = exif().tobytes() + small.getvalue()
    jfxx = b"JFXX\0\x10" + small.getvalue()
    return _into(_saved("JPEG"), _segment(0xE0, jfxx), _segment(0xE1, block))


def _moving() -> bytes:
    """A JPEG with a short film behind it, as phones write."""
    film = _box(b"ftyp", b"mp42") + _box(b"moov", _box(b"udta", _box(b"\xa9xyz", b"SECRETPOSITION")))
    return _saved("JPEG", exif=exif(), xmp=XMP) + film


def _avif_remains() -> bytes:
    """An AVIF with data that no part of the picture uses, and boxes of other programs."""
    whole = _saved("AVIF", exif=exif())
    return whole + _box(b"mdat", b"Lena hinter dem Bild") + _box(b"uuid", b"0123456789abcdefLena")


def _webp_remains() -> bytes:
    whole = _saved("WEBP", exif=exif())
    body = whole[8:] + b"LENA" + (4).to_bytes(4, "little") + b"Lena"
    return b"RIFF" + len(body).to_bytes(4, "little") + body + b"Lena dahinter"


def _gif_remains() -> bytes:
    """A GIF with XMP as programs put it there, drawn text, and a tail."""
    whole = _saved("GIF")
    head = 13 + 768
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes((len(XMP[:200]),)) + XMP[:200] + b"\0"
    drawn = b"\x21\x01\x0c" + bytes(12) + b"\x04Lena\0"
    assert whole[10] & 0x87 == 0x87
    return whole[:head] + xmp + drawn + whole[head:] + b"Lena dahinter"


def _png_remains() -> bytes:
    whole = _saved("PNG")
    return whole[:33] + _chunk(b"leNa", b"Lena") + _chunk(b"tIME", bytes(7)) + whole[33:] + b"Lena dahinter"


def telling(name: str) -> bytes:
    """Return a picture of a kind that `KINDS` names."""
    rich: dict[str, Any] = {"exif": exif(), "xmp": XMP, "icc_profile": PROFILE}
    makers = {
        "jpeg": _jpeg,
        "progressive jpeg": lambda: _saved("JPEG", progressive=True, exif=exif(None), xmp=XMP),
        "png": lambda: _saved("PNG", exif=exif(), pnginfo=_png_texts(), icc_profile=PROFILE),
        "animated png": lambda: _saved("PNG", 3, exif=exif(), pnginfo=_png_texts()),
        "webp": lambda: _saved("WEBP", **rich),
        "lossless webp": lambda: _saved("WEBP", lossless=True, **rich),
        "animated webp": lambda: _saved("WEBP", 3, **rich),
        "avif": lambda: _saved("AVIF", **rich),
        # With EXIF Pillow 13 ends the process.
        "animated avif": lambda: _saved("AVIF", 3, xmp=XMP, icc_profile=PROFILE),
        "gif": lambda: _saved("GIF", comment=b"Lena war hier"),
        "animated gif": lambda: _saved("GIF", 3, comment=b"Lena war hier"),
        "jpeg with preview": _preview,
        "jpeg of a camera": _several,
        "moving jpeg": _moving,
        "jpeg with other segments": lambda: _into(_saved("JPEG"), _segment(0xEE, b"Adobe" + bytes(7) + b"Lena")),
        "jpeg of Photoshop": lambda: _into(
            _saved("JPEG", mode="CMYK"), _segment(0xED, IPTC), _segment(0xEC, b"Ducky Lena")
        ),
        "png with remains": _png_remains,
        "webp with remains": _webp_remains,
        "gif with remains": _gif_remains,
        "avif with remains": _avif_remains,
    }
    return makers[name]()


KINDS = (
    *("jpeg", "progressive jpeg", "png", "animated png", "webp", "lossless webp", "animated webp"),
    *("avif", "animated avif", "gif", "animated gif"),
    *("jpeg with preview", "jpeg of a camera", "moving jpeg", "jpeg with other segments", "jpeg of Photoshop"),
    *("png with remains", "webp with remains", "gif with remains", "avif with remains"),
)


def clean(format: str) -> bytes:
    """Return a picture of a format with nothing beside it."""
    return _saved(format)


def told(content: bytes) -> list[bytes]:
    """Return what a file tells that it should not."""
    return [word for word in TOLD if word in content]


def shown(content: bytes) -> list[Any]:
    """Return what a viewer gets of a file: each frame's pixels and duration, which side is up, profile, loops."""
    with Image.open(io.BytesIO(content)) as picture:
        frames = [
            (frame.convert("RGBA").tobytes(), frame.info.get("duration")) for frame in ImageSequence.Iterator(picture)
        ]
        picture.seek(0)
        if picture.format == "MPO":
            # What follows the first picture is a larger preview, which goes.
            frames = frames[:1]
        return [frames, picture.getexif().get(0x0112), picture.info.get("icc_profile"), picture.info.get("loop")]
