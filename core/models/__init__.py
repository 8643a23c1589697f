"""The models that must exist from the first migration; each lives in the module of its subject."""

from core.models.extraction import ExtractedText
from core.models.media import Document, Image, Rendition
from core.models.page import BasePage
from core.models.user import User

__all__ = ["BasePage", "Document", "ExtractedText", "Image", "Rendition", "User"]
