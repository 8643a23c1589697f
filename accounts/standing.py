"""Whether a session counts as a login: ONE place, asked by whatever asks for `request.user`.

A password or a login elsewhere only makes a session with an account. Until the second factor has passed, the site
treats it as nobody: so no address that logs in, no preview, file or API can forget the second factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import SecondFactor
from accounts.sessions import limits
from core.models import User

GUESSED_EARLY = "accounts.guessed_early"
"""Key of a session that began with a password which would be refused today."""

PASSED = "accounts.factor"
"""Key of a session in which the second factor has passed; its value names the factor."""


class Need(Enum):
    """What a session still needs to count as a login."""

    NOTHING = auto()
    CODE = auto()
    SETUP = auto()
    """The site demands a second factor, and the account has none."""
    PASSWORD = auto()
    """The password is somebody else's choice, or easily guessed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose session it is, and what it needs."""

    account: User | AnonymousUser
    need: Need = Need.NOTHING
    factor: SecondFactor | None = None

    @property
    def user(self) -> User | AnonymousUser:
        """Return who the request comes from, for all that the site shows and allows."""
        return self.account if self.need is Need.NOTHING else AnonymousUser()


def standing_of(request: HttpRequest) -> Standing:
    """Return the standing of a request's session; computed once per request and after each login."""
    known: Standing | None = getattr(request, "standing", None)
    if known is None:
        known = _standing(request)
        request.standing = known  # type: ignore[attr-defined] # kept with the request
    return known


def _standing(request: HttpRequest) -> Standing:
    account = get_user(request)
    if not isinstance(account, User):
        return Standing(AnonymousUser())
    factor = SecondFactor.objects.filter(account=account).first()
    if factor is None:
        need = Need.SETUP if settings.SECOND_FACTOR_REQUIRED else Need.NOTHING
    else:
        need = Need.NOTHING if request.session.get(PASSED) == factor.pk else Need.CODE
    if need is Need.NOTHING and _is_to_be_replaced(request, account):
        need = Need.PASSWORD
    if limits.is_over(request) or (need is not Need.NOTHING and limits.is_unfinished_too_long(request)):
        request.session.flush()
        return Standing(AnonymousUser())
    return Standing(account, need, factor)


def _is_to_be_replaced(request: HttpRequest, account: User) -> bool:
    """Return whether the password of an account is somebody else's choice, or was guessable when the session began."""
    if not account.has_usable_password():
        return False
    return account.password_given_at is not None or (
        request.session.get(GUESSED_EARLY) == account.get_session_auth_hash()
    )


def pass_factor(request: HttpRequest, factor: SecondFactor) -> None:
    """Let the session count as a login from now on, with a new key."""
    request.session[PASSED] = factor.pk
    request.session.cycle_key()
    forget(request)
    request.user = standing_of(request).user


def forget(request: HttpRequest) -> None:
    """Compute the standing anew when it is next asked for."""
    if hasattr(request, "standing"):
        del request.standing
