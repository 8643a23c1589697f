"""Write down what happens at the doors: a row for administrators, a line in the process log for fail2ban and the like.

Neither holds a password, code or typed name: people type passwords into the wrong field.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Login
from accounts.sessions import limits, store
from accounts.standing import GUESSED_EARLY, forget
from core.models import User
from core.network import address_of

logger = logging.getLogger(__name__)

DAY_SECONDS = 24 * 60 * 60

Kind, Result = Login.Kind, Login.Result


def record(request: HttpRequest | None, kind: Login.Kind, result: Login.Result, account: Any = None) -> None:
    """Record an event: a line and a row."""
    who = account if isinstance(account, User) else None
    level = logging.INFO if result is Result.RIGHT else logging.WARNING
    address = address_of(request) if settings.LOGIN_LOG_ADDRESS else ""
    where = f" address={address}" if address else ""
    logger.log(level, "login %s kind=%s account=%s%s", result.value, kind.value, who.pk if who else "-", where)
    keep(kind, result, who)


def keep(kind: Login.Kind, result: Login.Result, who: User | None) -> None:
    """Keep a row. Refusals of one kind within an hour share one, so that nobody can fill the table."""
    if result is not Result.RIGHT:
        lately = timezone.now() - datetime.timedelta(hours=1)
        same = Login.objects.filter(account=who, kind=kind, result=result, at__gt=lately).order_by("-pk").values("pk")
        if row := same.first():
            Login.objects.filter(pk=row["pk"]).update(times=F("times") + 1)
            return
    Login.objects.create(account=who, kind=kind, result=result)


def forget_old() -> int:
    """Delete what is older than the setting allows; return how many. The worker's job."""
    oldest = timezone.now() - datetime.timedelta(days=settings.LOGIN_LOG_DAYS)
    return Login.objects.filter(at__lt=oldest).delete()[0]


def on_login(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Begin a session: note when and in which browser, and record the login."""
    request.session[store.SINCE] = timezone.now().timestamp()
    request.session[store.BROWSER] = limits.browser_of(request)
    if getattr(request, "is_guessed_early", False):
        # The hash says until when: a new password has another, whichever way it is set.
        request.session[GUESSED_EARLY] = user.get_session_auth_hash()
    forget(request)
    record(request, getattr(request, "login_kind", Kind.PASSWORD), Result.RIGHT, user)


def on_refusal(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Record that a password was refused, or not even looked at."""
    name = credentials.get("username") or ""
    result = Result.BRAKED if getattr(request, "login_wait", 0) else Result.WRONG
    record(request, Kind.PASSWORD, result, User.objects.filter(username=name).first())
