"""Warnings for operators about logins; only `check --deploy` runs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register(deploy=True)
def check_logins(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of logins without a second factor, and of brakes that cannot tell visitors apart."""
    found: list[CheckMessage] = []
    if not settings.SECOND_FACTOR_REQUIRED:
        hint = "Set SECOND_FACTOR_REQUIRED to true; each account sets up an app at its next login."
        found.append(Warning("A password alone opens the admin.", hint, id="accounts.W001"))
    if settings.BEHIND_PROXY and not settings.CLIENT_ADDRESS_HEADER:
        hint = "Let the proxy set X-Real-IP to the visitor's address, and CLIENT_ADDRESS_HEADER to X-Real-IP."
        found.append(Warning("Logins are braked per account only, not per address.", hint, id="accounts.W002"))
    return found
