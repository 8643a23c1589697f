"""Images by address: scaled copies and originals, as far as the picture is in public use.

Their names can be guessed, and a picture of a draft is as private as the draft. Documents never come
this way: they have Wagtail's view, and everything else in the media folder has no address.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.static import serve
from wagtail.images import get_image_model

from config.accel import hand_over, wants_proxy
from core.media_use import is_public, may_fetch

CACHE_SECONDS = 24 * 60 * 60
"""How long a browser may show a picture without asking again; one withdrawn may linger as long."""

CONTENT_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
"""Named here: Python alone does not know WebP, and a container has no list of the system's."""


def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a scaled copy."""
    return _serve(request, f"images/{path}", scaled=True)


def original(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a picture as it was uploaded; the images API names this address."""
    return _serve(request, f"original_images/{path}", scaled=False)


def _serve(request: HttpRequest, name: str, *, scaled: bool) -> HttpResponseBase:
    if "\0" in name:
        raise Http404("no such image")
    images = get_image_model().objects.select_related("collection")
    image = images.filter(**{"renditions__file" if scaled else "file": name}).first()
    if image is None:
        raise Http404("no such image")
    public = is_public(image)
    if not public and not may_fetch(request, image):
        raise Http404("image is not in public use")
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}" if public else "private, no-store"
    if not isinstance(response, FileResponse):
        return response
    response["Content-Type"] = CONTENT_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
    return hand_over(response) if wants_proxy(request) else response
