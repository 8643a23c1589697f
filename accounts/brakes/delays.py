"""How long to wait after failures: every attempt is counted before it is checked, and forgiven when it was right.

Nobody is locked out. Waits grow and are capped, and a browser that has logged in before is counted by itself, so
that a stranger who keeps failing makes its owner wait for nothing (docs/decisions/0046-brakes-on-logins.md).
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.brakes.keys import hashed
from accounts.models import Brake


@dataclass(frozen=True, slots=True)
class Rule:
    """How many attempts cost nothing, and the longest wait in seconds after those that follow; it doubles up to then."""

    name: str
    free: int
    most: int

    def wait(self, failures: int) -> int:
        """Return the seconds to wait after so many failures."""
        return 0 if failures <= self.free else min(self.most, 2 ** min(failures - self.free, 20))


ACCOUNT = Rule("account", 3, 60)
"""At most some 70 guesses an hour, from however many addresses."""
ADDRESS = Rule("address", 10, 900)
"""Free for the mistakes of a whole school behind one address."""
DEVICE = Rule("device", 3, 60)
FACTOR = Rule("factor", 3, 900)
"""Whoever gets here knows the password: no stranger makes anybody wait."""
PRIVATE = Rule("private", 20, 10)
"""All readers of a private page share its password, and none has a known browser."""
RESET = Rule("reset", 2, 900)
"""For one mailbox."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Whom an attempt is counted for."""

    rule: Rule
    value: str

    @property
    def key(self) -> str:
        """Return the key of the row."""
        return hashed(self.rule.name, self.value)


def claim(*counted: Counted) -> int:
    """Count an attempt before it is checked; return 0, or the seconds to wait if it must not be checked.

    An attempt that has to wait is not counted: waiting ends, however often somebody tries meanwhile.
    """
    rules = {one.key: one.rule for one in counted if one.value}
    now = timezone.now()
    with transaction.atomic():
        for key in sorted(rules):
            Brake.objects.get_or_create(key=key, defaults={"until": now})
        rows = list(Brake.objects.select_for_update().filter(key__in=rules).order_by("key"))
        wait = max((row.until - now).total_seconds() for row in rows) if rows else 0
        if wait > 0:
            return math.ceil(wait)
        for row in rows:
            row.failures += 1
            row.until = now + datetime.timedelta(seconds=rules[row.key].wait(row.failures))
            row.save(update_fields=["failures", "until"])
    return 0


def forgive(*counted: Counted) -> None:
    """Take back the count of an attempt that was right; others' failures stay."""
    keys = [one.key for one in counted if one.value]
    Brake.objects.filter(key__in=keys, failures__gt=0).update(failures=F("failures") - 1, until=timezone.now())


def forget(*counted: Counted) -> None:
    """Begin anew for whoever has shown that they are who they say."""
    Brake.objects.filter(key__in=[one.key for one in counted if one.value]).delete()


def forget_old() -> int:
    """Delete counters of days gone by: nothing finds them any more; return how many. The worker's job."""
    return Brake.objects.filter(until__lt=timezone.now() - datetime.timedelta(days=1)).delete()[0]
