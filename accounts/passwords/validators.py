"""Which passwords accounts may have: any that guessers do not try early. No rule about kinds of signs, no expiry."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import changes
from accounts.passwords.strength import LEAST_BITS, LEAST_LENGTH, MOST_LENGTH, bits
from core.models import User


class HardToGuess:
    """A validator for AUTH_PASSWORD_VALIDATORS; Django also tells it when a password has changed."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that is too long, or made of what guessers try first."""
        if len(password) > MOST_LENGTH:
            raise ValidationError(
                _("Dieses Passwort ist zu lang: höchstens %(most)s Zeichen.") % {"most": MOST_LENGTH},
                code="password_too_long",
            )
        if len(re.sub(" +", " ", password)) < LEAST_LENGTH <= len(password):
            raise ValidationError(
                _("Dieses Passwort ist zu kurz: Mehrere Leerzeichen hintereinander zählen als eines."),
                code="password_too_short",
            )
        strength = bits(password, _own_words(user))
        if strength < LEAST_BITS:
            raise ValidationError(
                _(
                    "Dieses Passwort ist leicht zu erraten: Es besteht aus bekannten Wörtern, Jahreszahlen, Tastenfolgen oder "
                    "Wiederholungen (Stärke %(strength)s von nötigen %(least)s). Nehmen Sie zum Beispiel vier Wörter, die "
                    "nichts miteinander zu tun haben, oder lassen Sie sich eines von Ihrem Browser vorschlagen."
                )
                % {"strength": int(strength), "least": int(LEAST_BITS)},
                code="password_too_easy",
            )

    def get_help_text(self) -> str:
        """Return what the form says before anything is typed."""
        return _(
            "Bekannte Wörter mit Jahreszahlen, Tastenfolgen und Wiederholungen werden abgelehnt. Gut sind vier Wörter, die "
            "nichts miteinander zu tun haben, oder ein Vorschlag Ihres Browsers. Leerzeichen sind erlaubt."
        )

    def password_changed(self, password: str, user: Any = None) -> None:
        """Let follow what has to."""
        if isinstance(user, User):
            changes.password_changed(user)


def _own_words(user: Any) -> tuple[str, ...]:
    texts = [settings.SITE_NAME, settings.BASE_URL.partition("://")[2]]
    texts += [str(getattr(user, name, "") or "") for name in ("username", "first_name", "last_name", "email")]
    return tuple(word for text in texts for word in (text, *re.split(r"[\W_]+", text)) if word)
