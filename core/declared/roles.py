"""What the groups of editors may do: each app says so in its `roles.py`, next to its models.

Its table `RIGHTS` lists actions by model and role, so that an app brings its own rights and `setup_roles` names no
model. Rights on pages hold for the whole tree, those on pictures and files for all collections.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import import_module

from django.apps import apps
from django.db.models import Model
from django.utils.module_loading import module_has_submodule

Actions = tuple[str, ...]

VIEW: Actions = ("view",)
ALL: Actions = ("add", "change", "delete", "view")


class Role(StrEnum):
    """A group of editors; the value is its name in the admin."""

    EDITORS = "Redaktion"
    CHIEF_EDITORS = "Chefredaktion"


Rights = Mapping[type[Model], Mapping[Role, Actions]]


def declared_rights(role: Role) -> Iterator[tuple[type[Model], Actions]]:
    """Yield each model and what a role may do with it, from the `roles.py` of every installed app that has one."""
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "roles"):
            rights: Rights = getattr(import_module(f"{config.name}.roles"), "RIGHTS", {})
            for model, actions in rights.items():
                if role in actions:
                    yield model, actions[role]
