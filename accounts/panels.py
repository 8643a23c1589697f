"""Sections of the page "Konto": address and password, both only for whoever types the present password."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import BaseSettingsPanel

from accounts.forms import EmailForm, NewPasswordForm


class _Panel(BaseSettingsPanel):
    """A section whose form is checked once per request: each check counts as an attempt."""

    def get_form(self) -> Any:
        """Return the form; the view asks for it several times."""
        made: dict[str, Any] = self.request.__dict__.setdefault("account_forms", {})
        if self.name not in made:
            made[self.name] = self.make_form()
        return made[self.name]

    def make_form(self) -> Any:
        """Return a new form."""
        raise NotImplementedError


class EmailPanel(_Panel):
    """The address to which links for new passwords go."""

    name = "email"
    title = _("E-Mail-Adresse")
    order = 150

    def make_form(self) -> Any:
        """Return the form; always with data if there are any."""
        data = self.request.POST if self.request.method == "POST" and "email-email" in self.request.POST else None
        return EmailForm(data, instance=self.user, prefix=self.name, request=self.request)


class PasswordPanel(_Panel):
    """The password."""

    name = "password"
    title = _("Passwort")
    order = 500

    def is_active(self) -> bool:
        """Leave the section out for whoever logs in elsewhere only."""
        return bool(self.user.has_usable_password())

    def make_form(self) -> Any:
        """Return the form, with data only if a new password was typed."""
        posted = self.request.POST if self.request.method == "POST" else {}
        if any(posted.get(f"{self.name}-new_password{number}") for number in (1, 2)):
            return NewPasswordForm(self.user, posted, prefix=self.name, request=self.request)
        return NewPasswordForm(self.user, prefix=self.name, request=self.request)
