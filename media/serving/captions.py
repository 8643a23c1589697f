"""Captions for a player: whatever file they came from, as WebVTT made of what was read, and nothing else of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from wagtail import hooks

from media.models import Document, ExtractedText, ExtractionStatus


def track(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Serve the captions of a document to whoever may fetch its file."""
    document = get_object_or_404(Document, pk=document_id)
    for check in hooks.get_hooks("before_serve_document"):
        answer: HttpResponseBase | None = check(document, request)
        if answer is not None:
            return answer
    text = ExtractedText.objects.filter(sha256=document.sha256).first() if document.sha256 else None
    is_read = text is not None and document.extraction_status == ExtractionStatus.DONE
    if text is None or not is_read or not text.pieces or "start" not in text.pieces[0]:
        raise Http404("no captions")
    response = HttpResponse(webvtt(text.pieces), content_type="text/vtt; charset=utf-8")
    # As for the file itself: it may be withdrawn.
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response


def webvtt(pieces: Iterable[Mapping[str, Any]]) -> str:
    """Return the pieces of captions as WebVTT; what looks like markup in them is shown, not obeyed."""
    cues = (
        f"{_clock(piece['start'])} --> {_clock(piece['end'])}\n{escape(piece['text'], quote=False)}\n"
        for piece in pieces
    )
    return "\n".join(("WEBVTT\n", *cues))


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, thousandths = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{thousandths // 1000:02}.{thousandths % 1000:03}"
