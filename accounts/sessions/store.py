"""Django's sessions in the database, with the account in a column of its own: the engine that SESSION_ENGINE names."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

SINCE, BROWSER = "accounts.since", "accounts.browser"
"""What a login writes into its session. A new key, as after a change of the password, does not begin it anew."""


class SessionStore(DatabaseStore):
    """Writes account, beginning and browser next to the data, and `seen` at each save."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Return the model."""
        from accounts.models import AccountSession

        return AccountSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return the row of the session as it is now."""
        row: Any = super().create_model_instance(data)
        account: Any = data.get(SESSION_KEY)
        row.account_id = int(account) if account else None
        row.seen = timezone.now()
        row.browser = data.get(BROWSER, "")
        if SINCE in data:
            row.since = datetime.datetime.fromtimestamp(data[SINCE], datetime.UTC)
        return row
