"""Images by address: scaled copies if the picture is in public use, originals for editors only.

Their names can be guessed, and a picture of a draft is as private as the draft. An original shows what its copies cut
off, and was uploaded only for them. Documents are not served here: they have Wagtail's view, and everything else in
the media folder has no address.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.static import serve
from wagtail.images import get_image_model

from core.declared.people.of_people import NOT_KEPT_UNASKED
from media.serving.accel import hand_over, wants_proxy
from media.use import is_editor, is_of_people, is_public, may_fetch

CACHE_SECONDS = 24 * 60 * 60
"""How long a browser may show a picture without asking again; a withdrawn one may linger as long."""

NOT_KEPT = "private, no-store"

CONTENT_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
"""Listed here: Python alone does not know WebP, and a container has no system list."""


def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a scaled copy; one no smaller than the original is as private as the original."""
    name = f"images/{path}"
    made = _find(get_image_model().get_rendition_model().objects.select_related("image__collection"), name)
    if made.filter_spec.split("|")[0] == "original":
        return _for_editors(request, made.image, name)
    public = is_public(made.image)
    if not public and not may_fetch(request, made.image):
        raise Http404("image is not in public use")
    return _send(request, name, _caching(made.image) if public else NOT_KEPT)


def original(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a picture as stored, to editors."""
    name = f"original_images/{path}"
    return _for_editors(request, _find(get_image_model().objects.all(), name), name)


def _find(images: QuerySet[Any], name: str) -> Any:
    image = None if "\0" in name else images.filter(file=name).first()
    if image is None:
        raise Http404("no such image")
    return image


def _caching(image: Any) -> str:
    """Return the cache header of a public picture: one of people goes with their page, at once."""
    return NOT_KEPT_UNASKED if is_of_people(image) else f"public, max-age={CACHE_SECONDS}"


def _for_editors(request: HttpRequest, image: Any, name: str) -> HttpResponseBase:
    if not is_editor(request, image):
        raise Http404("originals are for editors")
    return _send(request, name, NOT_KEPT)


def _send(request: HttpRequest, name: str, caching: str) -> HttpResponseBase:
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = caching
    if caching != NOT_KEPT:
        # Records of entries name their picture, and other libraries show it.
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if not isinstance(response, FileResponse):
        return response
    response["Content-Type"] = CONTENT_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
    return hand_over(response) if wants_proxy(request) else response
