"""The second factor of an account and the codes for when it is lost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class SecondFactor(models.Model):
    """An authenticator app that an account has confirmed. The secret is sealed with a key that is not in the database."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor")
    secret = models.TextField()
    # The time step of the last code: a code is good once.
    last_step = models.BigIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"second factor of account {self.account_id}"


class RecoveryCode(models.Model):
    """A code that replaces the app once. Its row is deleted with its use."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
