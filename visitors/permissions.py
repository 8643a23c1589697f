"""Permissions for what readers send."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class ReadOrDelete(ModelPermissionPolicy):
    """Visitors write reports and contributions; editors only read and delete them, and decide by a right of its own."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse everybody to add or change."""
        return action not in {"add", "change"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Check each action separately, so that one refused to everybody counts for nobody."""
        return any(self.user_has_permission(user, action) for action in actions)
