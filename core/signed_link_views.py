"""The page behind a signed link: it shows what the link is for and one button, and only the button's POST acts.

Mail scanners open every link, so opening one changes nothing. The address is the secret: no cache keeps the page, no
robot lists it, no other page learns its address, and the form is sent to where it stands, so the token is not in the
page either. No cookie takes part, hence no CSRF token: another site would have to know the address.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from core.declared import addresses
from core.signed_links import PATH, Expired, Forged, read, url_name


@method_decorator(csrf_exempt, name="dispatch")
class SignedLinkView(View):
    """Derive, set `purpose`, `heading`, `text` and `button`, and write `subject_of` and `act`; then `register` it."""

    http_method_names = ["get", "head", "post"]
    template_name: ClassVar[str] = "core/signed_link.html"
    purpose: ClassVar[str]
    heading: ClassVar[Any]
    text: ClassVar[Any] = ""
    button: ClassVar[Any]

    def subject_of(self, key: str) -> Any | None:
        """Return what the link is for, or None if there is nothing left to do: it is gone, or the link was used."""
        raise NotImplementedError

    def act(self, request: HttpRequest, subject: Any) -> HttpResponse:
        """Do what the button says, and answer with a page, such as `self.done(request, …)`."""
        raise NotImplementedError

    def language_of(self, key: str) -> str:
        """Return the language in which to answer: the address has none, what the link is for may know it, also once used."""
        return settings.LANGUAGE_CODE

    def context(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        """Return what the template needs besides heading, text and button."""
        return {"subject": subject}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read the token, answer, and keep the answer from caches, robots and other pages."""
        response = self._answer(request, kwargs["token"])
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def _answer(self, request: HttpRequest, token: str) -> HttpResponseBase:
        try:
            key = read(self.purpose, token)
        except Forged:
            return self._unusable(request, 404)
        except Expired:
            return self._unusable(request, 410)
        language = self.language_of(key)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            subject = self.subject_of(key)
            response = self._unusable(request, 410) if subject is None else super().dispatch(request, subject)
        response["Content-Language"] = language
        return response

    def get(self, request: HttpRequest, subject: Any) -> HttpResponse:
        """Show the page; nothing happens yet."""
        return self.page(request, subject)

    def post(self, request: HttpRequest, subject: Any) -> HttpResponse:
        """Act."""
        return self.act(request, subject)

    def page(self, request: HttpRequest, subject: Any, status: int = 200, **more: Any) -> HttpResponse:
        """Return the page with the button."""
        context = {"heading": self.heading, "text": self.text, "button": self.button}
        context |= self.context(request, subject) | more
        return render(request, self.template_name, context, status=status)

    def done(self, request: HttpRequest, heading: Any, text: Any = "") -> HttpResponse:
        """Return the page that says what has been done."""
        return render(request, "core/signed_link_done.html", {"heading": heading, "text": text})

    def _unusable(self, request: HttpRequest, status: int) -> HttpResponse:
        return render(request, "core/signed_link_unusable.html", {"was_ours": status == 410}, status=status)


def register(view: type[SignedLinkView]) -> None:
    """Give a view its address, when its app is ready."""
    address = f"{PATH}/{view.purpose}/<str:token>/"
    addresses.register(path(address, view.as_view(), name=url_name(view.purpose)))
