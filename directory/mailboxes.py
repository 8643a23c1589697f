"""Mailboxes that the directory may show: those of a role, never those of a person.

Roles change hands without a change to the page, and nobody's name is published without consent.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ROLE_WORDS = (
    "koop", "moderation", "koordination", "koordinator", "inklusion", "beratung", "sprechstunde", "kontakt", "info",
    "post", "sekretariat", "schule", "schulamt", "verbund", "netz", "team", "leitung", "buero", "foerder", "service",
    "anfrage", "redaktion", "stelle", "dienst", "zentrum", "autismus", "hilfe", "lasub",
)  # fmt: skip
"""Word beginnings that mark the part before the @ as a role."""


def validate_role_mailbox(address: str) -> None:
    """Refuse an address whose first part names no role, such as `vorname.nachname@…`.

    Raises ValidationError.
    """
    words = re.split(r"[^a-zäöüß]+", address.partition("@")[0].lower())
    if not any(word.startswith(ROLE_WORDS) for word in words if word):
        raise ValidationError(
            _("Bitte das Postfach einer Rolle angeben, z. B. koopv-04@…, nicht das einer Person."), code="person"
        )
