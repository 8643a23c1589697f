"""The form of a portrait: it knows the names as they are being typed, who must have consented."""

from __future__ import annotations

from content.complete import CompleteForm
from core.output.text import one_line


def names_in(chosen_name: str, others: str) -> list[str]:
    """Return the names of one person and of the others, a line each."""
    return [name for line in (chosen_name, *others.splitlines()) if (name := one_line(line))]


class PortraitForm(CompleteForm):
    """Form of a portrait."""

    def named_people(self) -> list[str]:
        """Return the names as the form holds them."""
        return names_in(self.cleaned_data.get("chosen_name") or "", self.cleaned_data.get("others") or "")
