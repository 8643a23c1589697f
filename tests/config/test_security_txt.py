"""security.txt says where to report, and is never out of date."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from config import transport

ADDRESS = "/.well-known/security.txt"


@pytest.mark.django_db
def test_without_a_contact_there_is_none(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404


def test_it_names_contacts_and_expires_within_a_year(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACTS = ["mailto:sicherheit@example.org", "https://example.org/melden"]
    response = client.get(ADDRESS)
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    fields = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert [value for name, value in fields if name == "Contact"] == settings.SECURITY_CONTACTS
    named = dict(fields)
    assert named["Canonical"] == f"{settings.BASE_URL}{ADDRESS}"
    left = datetime.datetime.fromisoformat(named["Expires"]) - timezone.now()
    assert datetime.timedelta(days=150) < left < datetime.timedelta(days=365)
    assert client.post(ADDRESS).status_code == 405


@pytest.mark.parametrize("value", ["sicherheit@example.org", "http://example.org", "mailto:"])
def test_a_contact_that_is_no_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SECURITY_CONTACT", f"mailto:a@example.org, {value}")
    with pytest.raises(ImproperlyConfigured, match=r"^SECURITY_CONTACT "):
        transport.security_contacts()


def test_what_browsers_are_told_of_tls_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", "https://example.org")
    assert transport.hsts() == (31_536_000, False, False)
    monkeypatch.setenv("HSTS", "max-age=300; includeSubDomains; preload")
    assert transport.hsts() == (300, True, True)
    monkeypatch.setenv("BASE_URL", "http://example.org")
    assert transport.hsts() == (0, False, False)
    monkeypatch.setenv("HSTS", "")
    assert transport.hsts() == (0, False, False)
    monkeypatch.setenv("HSTS", "one year")
    with pytest.raises(ImproperlyConfigured, match=r"^HSTS "):
        transport.hsts()
