"""The pictures and files of the sample: stored as an editor's upload would be, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import Page

from content.stream import Maker
from media.models import Document, Image

CREDIT = "Zeichnung: Fundus, CC0"


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of files; `descriptions` describe its pictures in words, by file name."""

    folder: Path
    descriptions: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Return whether there is a file with this name."""
        return bool(name) and (self.folder / name).is_file()

    def mark(self, name: str) -> str:
        """Return a hash of the file's content."""
        return _sha1((self.folder / name).read_bytes())

    def image(self, name: str, title: str) -> Image:
        """Return the picture of a file, with its description."""
        content = (self.folder / name).read_bytes()
        found: Image | None = Image.objects.filter(file_hash=_sha1(content), credit=CREDIT).first()
        if found is not None:
            return found
        image = Image(title=title[:255], description=self.descriptions[name], credit=CREDIT)
        _attach(image, name, content)
        return image

    def document(self, name: str, title: str) -> Document:
        """Return the document of a file."""
        content = (self.folder / name).read_bytes()
        found: Document | None = Document.objects.filter(file_hash=_sha1(content)).first()
        if found is not None:
            return found
        document = Document(title=title[:255])
        _attach(document, name, content)
        return document

    def makers(self) -> dict[str, Maker]:
        """Return the functions that make the blocks of a body that name pictures or pages."""
        return {"gallery": self._gallery, "call": _call}

    def _gallery(self, data: Mapping[str, Any]) -> dict[str, Any]:
        pictures = []
        for row in data["pictures"]:
            image = self.image(row["file"], row["caption"])
            pictures.append({"image": image.pk, "alt": image.description, "caption": row["caption"]})
        return {**data, "pictures": pictures}


def _call(data: Mapping[str, Any]) -> dict[str, Any]:
    page = Page.objects.filter(slug=data["page"]).first() if data["page"] else None
    return {**data, "page": page.pk if page else None}


def _attach(owner: Image | Document, name: str, content: bytes) -> None:
    """Store the bytes with what Wagtail's upload form would record about them."""
    owner.file_size = len(content)
    owner.file_hash = _sha1(content)
    owner.file = ContentFile(content, name=name)
    owner.save()


def _sha1(content: bytes) -> str:
    """Return the hash by which Wagtail recognises equal files."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
