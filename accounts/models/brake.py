"""How often something failed of late: the counters behind `accounts/brakes`."""

from __future__ import annotations

from django.db import models


class Brake(models.Model):
    """Failures of one account, address or browser. The key is a hash with a key of the day, so nobody is named."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.failures} until {self.until:%H:%M:%S}"
