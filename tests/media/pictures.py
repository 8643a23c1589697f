"""Pictures as cameras and programs write them, with everything they tell beside themselves."""

from __future__ import annotations

import io
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


def _saved(format: str, frames: int = 1, **options: Any) -> bytes:
    pictures = [Image.effect_noise((120, 80), 60 + number).convert("RGB") for number in range(frames)]
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
    }
    return makers[name]()


KINDS = (
    *("jpeg", "progressive jpeg", "png", "animated png", "webp", "lossless webp", "animated webp"),
    *("avif", "animated avif", "gif", "animated gif"),
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
        return [frames, picture.getexif().get(0x0112), picture.info.get("icc_profile"), picture.info.get("loop")]
