"""The script for password fields, with its words: they are translated here."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.passwords.strength import LEAST_BITS


def password_script() -> SafeString:
    """Return the element that loads it."""
    return format_html(
        '<script src="{}" data-show="{}" data-strength="{}" data-least="{}" defer></script>',
        static("js/admin/passwords.js"),
        _("Passwort zeigen"),
        _("Stärke, ungefähr; bekannte Wörter werden beim Speichern abgezogen"),
        int(LEAST_BITS),
    )
