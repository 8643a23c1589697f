"""Steps that `prepare_site` takes on request; installed apps register them, so the command depends on none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Step = tuple[str, Mapping[str, Any]]
"""A management command and its options."""

_STEPS: dict[str, tuple[Step, ...]] = {}


def register(option: str, *steps: Step) -> None:
    """Register the steps of an option of `prepare_site`. Registering them again replaces them."""
    _STEPS[option] = steps


def steps_of(option: str) -> tuple[Step, ...]:
    """Return the steps of an option; empty if no installed app has registered any."""
    return _STEPS.get(option, ())
