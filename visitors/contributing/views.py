"""The pages of contributions: the list of forms, the forms, the thanks, and the pages behind the links in the mails.

The list stands where editors have put a page of that address, below its text; without one it is a page of its own.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.views import serve

from core.running.room import is_out_of_room
from core.signed_link_views import SignedLinkView
from visitors.contributing import keeping, mails
from visitors.contributing.forms import ContributionForm
from visitors.contributing.kinds import KINDS, Kind
from visitors.form_pages import TOO_FAST, form_page, sent_on
from visitors.models import Contribution
from visitors.models.contributions import HANDLED_DAYS, KEPT_HOURS, LINK_DAYS, OPEN_DAYS
from visitors.sending.guarded import Guard, guarded
from visitors.sending.pace import is_too_fast

logger = logging.getLogger(__name__)

PLACE = "mitmachen/"
"""Where the list of forms is; the forms are below."""


@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """Show the editors' page of this address, to which its template adds the forms; or the forms alone."""
    try:
        return serve(request, PLACE)  # type: ignore[no-any-return] # Wagtail has no types
    except Http404:
        return render(request, "visitors/contribute.html")


def view_of(kind: Kind) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of a kind's form."""
    return guarded(f"contribute-{kind.slug}")(functools.partial(_contribute, kind))


def _contribute(kind: Kind, request: HttpRequest, guard: Guard) -> HttpResponse:
    """Show the form, or store what was sent: 303 to what happens next, 400 with the form when something is wrong.

    429 with the form for a network that sends too much, 503 when the disk takes nothing. Nothing that was typed or
    chosen is lost.
    """
    form = ContributionForm(kind, request)
    if request.method != "POST":
        return _page(request, guard, form)
    is_refused = not form.is_valid() or bool(guard.problem)
    if (form.uploads or not is_refused) and is_too_fast(request):
        form.lose_uploads()
        return _page(request, Guard(guard.token, TOO_FAST), form, 429)
    form.keep_uploads()
    if is_refused:
        return _page(request, guard, form, 400)
    if form.lost:
        return _page(request, guard, form, 503)
    try:
        contribution = keeping.keep(form, get_language() or "")
    except (DatabaseError, OSError) as error:
        if not is_out_of_room(error):
            raise
        logger.error("a contribution cannot be stored: %s", error)
        return _page(request, guard, form, 503)
    waits = contribution.state == Contribution.State.UNCONFIRMED
    return sent_on("visitors:contribution_asked" if waits else "visitors:contributed")


def _page(request: HttpRequest, guard: Guard, form: ContributionForm, status: int = 200) -> HttpResponse:
    context = {
        "kind": form.kind,
        "form": form,
        "guard": guard,
        "days": OPEN_DAYS,
        "handled_days": HANDLED_DAYS,
        "link_days": LINK_DAYS,
        "kept_hours": KEPT_HOURS,
    }
    return form_page(request, "visitors/contribution_form.html", context, status)


@never_cache
@require_safe
def contribution_asked(request: HttpRequest) -> HttpResponse:
    """Say that a mail is under way, and what to do with it."""
    return render(request, "visitors/contribution_asked.html", {"link_days": LINK_DAYS})


@never_cache
@require_safe
def contributed(request: HttpRequest) -> HttpResponse:
    """Thank for a contribution that needs no confirmation."""
    return render(request, "visitors/contributed.html", {"days": OPEN_DAYS})


class ContributionLinkView(SignedLinkView):
    """A link of a contribution."""

    def language_of(self, key: str) -> str:
        """Return the language of its form."""
        known = Contribution.objects.filter(pk=int(key)).values_list("language", flat=True)
        return known.first() or settings.LANGUAGE_CODE


class ConfirmView(ContributionLinkView):
    """Confirms a contribution."""

    purpose = mails.CONFIRM_LINK
    heading = _("Beitrag bestätigen")
    text = _(
        "Mit dem Knopf bestätigen Sie, dass der Beitrag von Ihnen ist. Dann sieht ihn die Redaktion; veröffentlicht wird nichts."
    )
    button = _("Ja, der Beitrag ist von mir")

    def subject_of(self, key: str) -> Contribution | None:
        """Return the contribution while it waits for this."""
        return Contribution.objects.filter(pk=int(key), state=Contribution.State.UNCONFIRMED).first()

    def act(self, request: HttpRequest, subject: Any) -> HttpResponse:
        """Confirm."""
        keeping.confirm(subject.pk)
        return self.done(
            request,
            _("Danke, Ihr Beitrag ist angekommen"),
            _("Die Redaktion sieht ihn durch und meldet sich bei Ihnen. Eine Quittung kommt per E-Mail."),
        )


class WithdrawView(ContributionLinkView):
    """Takes a contribution back."""

    purpose = mails.WITHDRAW_LINK
    heading = _("Beitrag zurückziehen")
    text = _(
        "Mit dem Knopf löschen Sie Ihren Beitrag mit allen Angaben und Dateien. Ist daraus schon ein Eintrag geworden, nimmt ihn die Redaktion heraus."
    )
    button = _("Ja, zurückziehen")

    def subject_of(self, key: str) -> Contribution | None:
        """Return the contribution while there is one."""
        return Contribution.objects.filter(pk=int(key)).first()

    def act(self, request: HttpRequest, subject: Any) -> HttpResponse:
        """Delete it, or tell editors."""
        has_page = subject.page_id is not None
        keeping.withdraw(subject.pk)
        if has_page:
            return self.done(request, _("Die Redaktion ist benachrichtigt"), _("Sie nimmt den Eintrag heraus."))
        return self.done(request, _("Ihr Beitrag ist gelöscht"), _("Mit ihm alle Angaben und Dateien."))


FORMS = {kind.slug: view_of(kind) for kind in KINDS.values()}
"""The views of all forms by kind."""
