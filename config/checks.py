"""Warnings for operators before the site goes public; only `check --deploy` runs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from config.mail import CONSOLE


@register(deploy=True)
def check_mail(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn if the site sends no mail, or writes it to the log."""
    if settings.MAIL_BACKEND == CONSOLE:
        hint = "Set EMAIL_URL to a mail server: whoever reads the log could set new passwords."
        return [Warning("Mails are written to the log.", hint, id="config.W002")]
    if settings.SENDS_MAIL:
        return []
    hint = "Set EMAIL_URL. Until then nobody can ask for a new password, and reported barriers are shown in the admin only."
    return [Warning("The site sends no mail.", hint, id="config.W001")]
