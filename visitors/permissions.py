"""Who may do what with what readers send."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class ReadOrDelete(ModelPermissionPolicy):
    """Reports are written by readers: editors read and delete them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse to add and change for everybody."""
        return action not in {"add", "change"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Ask for each action, so that those refused to everybody count for nobody."""
        return any(self.user_has_permission(user, action) for action in actions)
