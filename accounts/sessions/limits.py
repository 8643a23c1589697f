"""How long a login lasts: until nothing was done for a while, and never longer than a working day."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AccountSession
from accounts.sessions.store import SINCE

SEEN_SECONDS = 60
"""How exactly it is known when a session was last used: each use within the same minute would be a write."""

UNFINISHED_MINUTES = 15
"""How long a login may wait for its second factor."""

HOUR_SECONDS = 60 * 60
"""Seconds between the worker's checks for sessions that have ended."""

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def is_over(request: HttpRequest) -> bool:
    """Return whether the session of a login has lasted too long, or was idle for too long."""
    seen = AccountSession.objects.filter(pk=request.session.session_key).values_list("seen", flat=True).first()
    since = request.session.get(SINCE)
    if seen is None or since is None:
        return True
    now = timezone.now()
    age = now.timestamp() - since
    if age > settings.SESSION_HOURS * 3600 or now - seen > datetime.timedelta(minutes=settings.SESSION_IDLE_MINUTES):
        return True
    if (now - seen).total_seconds() > SEEN_SECONDS and not _is_left_alone(request):
        AccountSession.objects.filter(pk=request.session.session_key).update(seen=now)
    return False


def is_unfinished_too_long(request: HttpRequest) -> bool:
    """Return whether a login has waited too long for its second factor."""
    since: float = request.session.get(SINCE, 0)
    return timezone.now().timestamp() - since > UNFINISHED_MINUTES * 60


def _is_left_alone(request: HttpRequest) -> bool:
    """Return whether a request is one that an open form sends by itself, with nobody in front of it."""
    return "/editing-sessions/" in request.path


def is_alive(row: AccountSession) -> bool:
    """Return whether a session has not ended by itself."""
    now = timezone.now()
    return row.expire_date > now and now - row.seen <= datetime.timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def browser_of(request: HttpRequest) -> str:
    """Return browser and system in words by which somebody knows their own devices."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s auf %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("unbekannter Browser")


def end(account_id: int, but: str | None = None) -> int:
    """End the sessions of an account, except the one with the key `but`; return how many."""
    return AccountSession.objects.filter(account_id=account_id).exclude(pk=but or "").delete()[0]


def forget_expired() -> int:
    """Delete sessions that have ended by themselves; return how many. The worker's job."""
    now = timezone.now()
    idle = now - datetime.timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    gone = AccountSession.objects.filter(account__isnull=False, seen__lt=idle).delete()[0]
    return gone + AccountSession.objects.filter(expire_date__lt=now).delete()[0]
