"""What browsers and finders of flaws are told: the settings HSTS and SECURITY_CONTACT.

HSTS is written as the header that it becomes, because the proxy sends the same one with what it answers itself.
"""

from __future__ import annotations

import re

from django.core.exceptions import ImproperlyConfigured

from config.environment import read, read_address, read_list

_HSTS = re.compile(r"max-age=(?P<seconds>\d{1,9})(?P<subdomains>; includeSubDomains)?(?P<preload>; preload)?")


def hsts() -> tuple[int, bool, bool]:
    """Return Django's three settings: seconds, subdomains too, preloading; zeros where the site has no TLS.

    Raises ImproperlyConfigured for a value that is no header.
    """
    value = read("HSTS")
    match = _HSTS.fullmatch(value)
    if value and match is None:
        raise ImproperlyConfigured("HSTS must be max-age=SECONDS, perhaps with ; includeSubDomains and ; preload.")
    if match is None or read_address("BASE_URL").scheme != "https":
        return 0, False, False
    return int(match["seconds"]), bool(match["subdomains"]), bool(match["preload"])


def security_contacts() -> list[str]:
    """Return the addresses for reports of vulnerabilities. Raises ImproperlyConfigured for what is no address."""
    contacts = read_list("SECURITY_CONTACT")
    for contact in contacts:
        if not re.fullmatch(r"(mailto:[^@\s]+@[^@\s]+|https://\S+|tel:\+?[\d-]+)", contact):
            raise ImproperlyConfigured("SECURITY_CONTACT must be mailto:…, https://… or tel:….")
    return contacts
