"""Permissions for what readers send."""

from __future__ import annotations

from typing import Any, ClassVar

from wagtail.permission_policies import ModelPermissionPolicy


class _WithoutSome(ModelPermissionPolicy):
    """A policy that refuses some actions to everybody."""

    refused: ClassVar[frozenset[str]]

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse everybody what nobody may."""
        return action not in self.refused and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Check each action separately, so that one refused to everybody counts for nobody."""
        return any(self.user_has_permission(user, action) for action in actions)


class ReadOrDelete(_WithoutSome):
    """Readers write reports; editors only read and delete them."""

    refused = frozenset({"add", "change"})


class NotAdded(_WithoutSome):
    """Visitors send contributions; editors decide about them and add none."""

    refused = frozenset({"add"})
