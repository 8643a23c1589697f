"""Who an account is at the provider of single sign-on."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Identity(models.Model):
    """The provider's own name of an account, fixed at its first login: an address may go to somebody else later."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="identity")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_per_identity")]

    def __str__(self) -> str:
        return f"identity of account {self.account_id}"
