"""Forms with a password or code in them; each says how long to wait when it is braked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms.auth import LoginForm, PasswordChangeForm

from accounts.backends import is_password_of
from core.models import User


def too_many(wait: int) -> str:
    """Return the sentence for whoever has to wait."""
    if wait < 60:
        time = ngettext("%(count)s Sekunde", "%(count)s Sekunden", wait) % {"count": wait}
    else:
        minutes = -(-wait // 60)
        time = ngettext("%(count)s Minute", "%(count)s Minuten", minutes) % {"count": minutes}
    return _("Das waren zu viele Versuche. Bitte warten Sie %(time)s und versuchen Sie es dann noch einmal.") % {
        "time": time
    }


class SaysHowLong:
    """A login form that says how long to wait."""

    request: HttpRequest | None

    def get_invalid_login_error(self) -> ValidationError:
        """Return the sentence for a refused login."""
        wait = getattr(self.request, "login_wait", 0)
        if wait:
            return ValidationError(too_many(wait), code="braked")
        error: ValidationError = super().get_invalid_login_error()  # type: ignore[misc] # of the form beside
        return error


class AdminLoginForm(SaysHowLong, LoginForm):
    """Wagtail's form for the admin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Wagtail's own German lacks the word.
        self.fields["password"].label = _("Passwort")


class SiteLoginForm(SaysHowLong, AuthenticationForm):
    """The form for pages that only certain accounts may see."""


class CodeForm(forms.Form):
    """A code of the app, or one of those kept for when it is lost."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Sechs Ziffern aus Ihrer App, oder einer Ihrer Wiederherstellungscodes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class NewFactorForm(forms.Form):
    """The first code of a new app."""

    code = forms.CharField(
        label=gettext_lazy("Code aus der App"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class OwnPassword(forms.Form):
    """Asks whoever is logged in for their password, before something changes by which they log in."""

    current_password = forms.CharField(
        label=gettext_lazy("Ihr jetziges Passwort"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, account: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.account = request, account
        if not account.has_usable_password():
            # Logs in elsewhere only.
            del self.fields["current_password"]

    def clean_current_password(self) -> str:
        """Refuse a wrong password, or any while there were too many."""
        return checked(self.request, self.account, self.cleaned_data["current_password"])


class SetUpForm(NewFactorForm, OwnPassword):
    """The first code of a new app, by somebody who is logged in without one."""


class ManageForm(CodeForm, OwnPassword):
    """Password and code, to remove the second factor or to get new recovery codes."""


class EmailForm(forms.ModelForm):  # type: ignore[type-arg] # Django's is generic for the stubs alone
    """A new address, to which links for new passwords go: hence the password."""

    current_password = forms.CharField(
        label=gettext_lazy("Ihr jetziges Passwort"),
        required=False,
        strip=False,
        help_text=gettext_lazy("Nur nötig, wenn Sie die Adresse ändern. Die bisherige bekommt eine Nachricht darüber."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    class Meta:
        model = User
        fields = ["email"]

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["email"].required = True
        if not self.instance.has_usable_password():
            self.fields["email"].disabled = True
            del self.fields["current_password"]

    def clean(self) -> dict[str, Any] | None:
        """Ask for the password if the address is another one."""
        cleaned = super().clean()
        if "email" in self.changed_data and not self.errors:
            try:
                checked(self.request, self.instance, self.cleaned_data.get("current_password", ""))
            except ValidationError as error:
                self.add_error("current_password", error)
        return cleaned


class NewPasswordForm(PasswordChangeForm):
    """Wagtail's form with a brake on the old password."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Refuse a wrong password, or any while there were too many."""
        return checked(self.request, self.user, self.cleaned_data.get("old_password", ""))


def checked(request: HttpRequest, account: User, password: str) -> str:
    """Return the password if it is the account's. Raises ValidationError."""
    if not password:
        raise ValidationError(_("Bitte geben Sie Ihr jetziges Passwort ein."), code="required")
    right, wait = is_password_of(request, account, password)
    if wait:
        raise ValidationError(too_many(wait), code="braked")
    if not right:
        raise ValidationError(_("Das ist nicht Ihr jetziges Passwort."), code="wrong")
    return password
