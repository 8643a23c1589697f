"""How visitors' forms answer, whatever they are for: on to the next page, or the form again with all that was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

TOO_FAST = _(
    "Aus Ihrem Netz kamen in der letzten Stunde sehr viele Formulare. Bitte senden Sie es in einer Stunde noch einmal."
)

_RETRY_SECONDS = {429: 60 * 60, 503: 5 * 60}
"""When to send a form again, by status: once the hour of its network is over, or somebody may have made room."""


def sent_on(to: str) -> HttpResponse:
    """Return the answer to a form that was taken: 303 to an address or the name of one, so that reloading sends nothing."""
    response = redirect(to)
    response.status_code = 303
    return response


def form_page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Return the page of a form; a status of 429 or 503 says when to try again, 503 that nothing was stored."""
    response = render(request, template, {**context, "not_stored": status == 503}, status=status)
    if status in _RETRY_SECONDS:
        response["Retry-After"] = str(_RETRY_SECONDS[status])
    return response
