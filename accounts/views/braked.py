"""Brakes around views of others that check a password: those of private pages and of files."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts import logins
from accounts.brakes import delays
from accounts.brakes.address import network_of
from accounts.brakes.delays import ADDRESS, PRIVATE, Counted
from accounts.forms import too_many
from accounts.models import Login

View = Callable[..., HttpResponseBase]


def please_wait(request: HttpRequest, wait: int) -> HttpResponse:
    """Return the page for whoever has to wait; the back button keeps what was typed."""
    response = render(request, "accounts/wait.html", {"sentence": too_many(wait)}, status=429)
    response["Retry-After"] = str(wait)
    return response


def braked(view: View) -> View:
    """Return a view of Wagtail's that takes the password of a private page or file, with brakes.

    It answers a right password by leading on, and a wrong one with its form.
    """

    @functools.wraps(view)
    def braking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        restriction = next(iter(kwargs.values()))
        whom = (Counted(PRIVATE, f"{view.__module__}:{restriction}"), Counted(ADDRESS, network_of(request)))
        wait = delays.claim(*whom)
        if wait:
            logins.record(request, Login.Kind.PRIVATE, Login.Result.BRAKED)
            return please_wait(request, wait)
        response = view(request, *args, **kwargs)
        is_right = response.status_code == 302
        if is_right:
            delays.forgive(*whom)
        logins.record(request, Login.Kind.PRIVATE, Login.Result.RIGHT if is_right else Login.Result.WRONG)
        return response

    return braking
