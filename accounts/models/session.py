"""Sessions that know their account, so that it can see and end them."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone


class AccountSession(AbstractBaseSession):
    """A session; without an account it holds which private pages a visitor may see."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    since = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=80, blank=True)

    objects = BaseSessionManager()  # type: ignore[misc] # Django's stubs have it as of the class alone

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    def __str__(self) -> str:
        return f"session of account {self.account_id}"

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the engine that uses this model."""
        store: type = import_module(settings.SESSION_ENGINE).SessionStore
        return store
