"""Guard the views of visitors' forms: who may send, and what to tell whoever has to send once more.

Django's own guard compares a token with a cookie. It protects what a browser sends along of itself: the login.
Visitors have none, so here the browser says where the form comes from, and the token says that its page was
opened; docs/decisions/0027-visitors-forms.md explains why that is as good.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from visitors.sending import tokens
from visitors.sending.origin import Sender, sender_of
from visitors.sending.tokens import Token

TOKEN, TRAP = "token", "website"
"""Fields that the page itself adds to a form; the second is hidden from people, so only programs fill it in."""

_AGAIN: dict[Token, str | Promise] = {
    Token.MISSING: _("Dem Formular fehlte eine Angabe, die diese Seite selbst einträgt. Bitte senden Sie noch einmal."),
    Token.FORGED: _("Das Formular stammt nicht von dieser Seite. Hier ist ein neues; bitte senden Sie noch einmal."),
    Token.TOO_YOUNG: _(
        "Das ging schneller, als wir es Menschen zutrauen. Bitte senden Sie nach drei Sekunden noch einmal."
    ),
    Token.TOO_OLD: _(
        "Das Formular war länger als einen Tag offen. Bitte sehen Sie Ihre Angaben noch einmal durch und senden Sie "
        "es dann erneut."
    ),
}
_TRAPPED = _(
    "Im Feld „Bitte leer lassen“ stand etwas, vielleicht von einem Programm, das Formulare für Sie ausfüllt. Das Feld "
    "ist jetzt leer; bitte senden Sie noch einmal."
)


@dataclass(frozen=True, slots=True)
class Guard:
    """What a view puts into the page of its form, and why it must not act on what was sent; empty: it may."""

    token: str
    problem: str | Promise = ""


View = Callable[[HttpRequest, Guard], HttpResponse]


def guarded(form: str, *, button: bool = False) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """Make a view the address of a visitors' form; its answers set no cookie.

    What another site's page sends gets 403 and never reaches the view. With a `problem` the view shows its form again
    with everything that was typed. A `button` also stands on other pages, which carry no token: where the browser
    says that ours sent it, that is enough. No cache keeps an answer to what was sent; the page of an empty form may stay
    in the reader's browser, which shows it with everything typed to whoever goes back.
    """

    def decorated(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @functools.wraps(view)
        def guarding(request: HttpRequest) -> HttpResponse:
            if request.method != "POST":
                response = view(request, Guard(tokens.issue(form)))
                patch_cache_control(response, private=True, no_cache=True)
                return response
            response = received(request)
            add_never_cache_headers(response)
            return response

        def received(request: HttpRequest) -> HttpResponse:
            sender = sender_of(request)
            if sender is Sender.ANOTHER_SITE:
                return refused(request, _FROM_ANOTHER_SITE, 403)
            if button and sender is Sender.OURS:
                return view(request, Guard(tokens.issue(form)))
            return view(request, _judged(form, request))

        return guarding

    return decorated


_FROM_ANOTHER_SITE = _(
    "Ihr Browser sagt, dass es von einer anderen Website abgeschickt wurde; das nehmen wir nicht an. Gespeichert ist "
    "nichts. Öffnen Sie das Formular bitte hier und senden Sie es von dort."
)


def refused(request: HttpRequest, reason: str | Promise, status: int, search_address: str = "") -> HttpResponse:
    """Say that a form was not taken, and why; one link leads to its own page, or to the search."""
    context = {"reason": reason, "form_address": request.path, "search_address": search_address}
    return render(request, "visitors/refused.html", context, status=status)


def _judged(form: str, request: HttpRequest) -> Guard:
    """Judge what was sent by its token and the hidden field.

    Whoever waited long enough once need not wait again: only a form that we did not sign gets a token of now.
    """
    token = request.POST.get(TOKEN, "")
    state = tokens.read(form, token)
    if state is Token.TOO_OLD:
        token = tokens.issue(form, tokens.YOUNGEST)
    elif state in {Token.MISSING, Token.FORGED}:
        token = tokens.issue(form)
    if request.POST.get(TRAP):
        return Guard(token, _TRAPPED)
    return Guard(token, _AGAIN.get(state, ""))
