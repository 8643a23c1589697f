"""The pages of news by mail: the form, what happens next, and the pages behind the links in the mails.

What is asked for stands in the address of the form, as in that of the search: there is one form for searches, networks and
everything new.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.running.room import is_out_of_room
from core.signed_link_views import SignedLinkView
from visitors.alerts import keeping, mails
from visitors.alerts.forms import AlertForm
from visitors.alerts.wanted import Wanted, read, read_stored
from visitors.form_pages import TOO_FAST, form_page, sent_on
from visitors.models import Subscription
from visitors.models.alerts import LINK_HOURS
from visitors.sending.guarded import Guard, guarded
from visitors.sending.pace import is_too_fast

logger = logging.getLogger(__name__)


@guarded("alert")
def alerts(request: HttpRequest, guard: Guard) -> HttpResponse:
    """Show the form, or store what was sent: 303 to what happens next, 400 with the form when something is wrong.

    429 for a network that sends too much, 503 when the disk takes nothing, or for a site that sends no mail.
    """
    wanted, errors = read(request.GET, request.LANGUAGE_CODE)
    is_sent = request.method == "POST"
    form = AlertForm(request.POST if is_sent else None, of_search=bool(wanted.title))
    notices = [error.notice for error in errors]
    if not is_sent or not settings.SENDS_MAIL:
        return _page(request, guard, form, wanted, notices, status=503 if is_sent else 200)
    # What the page named may be gone by now: without it the wish would be a wider one.
    if not form.is_valid() or guard.problem or errors:
        return _page(request, guard, form, wanted, notices, status=400)
    if is_too_fast(request):
        return _page(request, Guard(guard.token, TOO_FAST), form, wanted, notices, status=429)
    try:
        keeping.ask(wanted, form.cleaned_data["rhythm"], form.cleaned_data["mail"], request.LANGUAGE_CODE)
    except (DatabaseError, OSError) as error:
        if not is_out_of_room(error):
            raise
        logger.error("a wish for news by mail cannot be stored: %s", error)
        return _page(request, guard, form, wanted, notices, status=503)
    return sent_on("visitors:alert_asked")


def _page(
    request: HttpRequest, guard: Guard, form: AlertForm, wanted: Wanted, notices: list[str], status: int
) -> HttpResponse:
    context = {
        "form": form,
        "guard": guard,
        "wanted": wanted,
        "notices": notices,
        "link_hours": LINK_HOURS,
    }
    return form_page(request, "visitors/alerts.html", context, status)


@never_cache
@require_safe
def alert_asked(request: HttpRequest) -> HttpResponse:
    """Say that a mail is under way, and what to do with it."""
    return render(request, "visitors/alert_asked.html", {"link_hours": LINK_HOURS})


class AlertLinkView(SignedLinkView):
    """A link of a subscription."""

    template_name = "visitors/alert_link.html"

    def language_of(self, key: str) -> str:
        """Return the language of the mails; with the stop it is forgotten too."""
        known = Subscription.objects.filter(key=key).values_list("language", flat=True)
        return known.first() or settings.LANGUAGE_CODE

    def context(self, request: HttpRequest, subject: Subscription) -> dict[str, Any]:
        """Add what it is told of and how often."""
        wanted = read_stored(subject.wanted, subject.language)
        return {"title": wanted.title if wanted else "", "rhythm": subject.get_rhythm_display()}


class ConfirmView(AlertLinkView):
    """Begins to tell."""

    purpose = mails.CONFIRM_LINK
    heading = _("Bestellung bestätigen")
    text = _("Mit dem Knopf bestätigen Sie, dass Sie das bestellt haben.")
    button = _("Ja, bitte schreiben Sie mir")

    def subject_of(self, key: str) -> Subscription | None:
        """Return the subscription while it waits for this."""
        return keeping.waiting(key)

    def act(self, request: HttpRequest, subject: Subscription) -> HttpResponse:
        """Confirm."""
        keeping.confirm(subject)
        return self.done(
            request, _("Danke, wir schreiben Ihnen"), _("In jeder E-Mail steht ein Link, mit dem Sie sie abbestellen.")
        )


class StopView(AlertLinkView):
    """Deletes a subscription and its address; mail programs send its POST themselves (RFC 8058)."""

    purpose = mails.STOP_LINK
    heading = _("E-Mails abbestellen")
    text = _("Mit dem Knopf bestellen Sie diese E-Mails ab. Dann löschen wir Ihre Adresse.")
    button = _("Ja, abbestellen")

    def subject_of(self, key: str) -> Subscription | None:
        """Return the subscription while there is one."""
        return Subscription.objects.filter(key=key, confirmed_at__isnull=False).first()

    def act(self, request: HttpRequest, subject: Subscription) -> HttpResponse:
        """Delete it."""
        keeping.stop(subject)
        return self.done(request, _("Abbestellt"), _("Ihre Adresse ist gelöscht. Wir schreiben Ihnen nicht mehr."))
