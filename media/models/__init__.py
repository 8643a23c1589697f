"""Pictures, documents and the text of documents; each has its own module."""

from media.models.documents import Document
from media.models.images import Image, Rendition
from media.models.texts import ExtractedText, ExtractionStatus

__all__ = [
    "Document",
    "ExtractedText",
    "ExtractionStatus",
    "Image",
    "Rendition",
]
