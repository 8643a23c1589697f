"""A visitor leaves no trace and is sent nowhere else: no cookie, no other host, strict headers, no picture uncut."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from config.http.security import ADMIN_POLICY, PUBLIC_POLICY
from library.models import BookPage, CaseStudyPage, CollectionPage, LibraryIndexPage, LibraryPage, MaterialPage

LOADED = re.compile(
    r"""<(?:link|script|img|source|iframe|video|audio|object|embed|use)\b[^>]*?\b(?:src|href|srcset|data|poster)=["']([^"']+)""",
    re.IGNORECASE,
)
IN_STYLES = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)")
NOT_LOADED = re.compile(r"""<link\b[^>]*rel=["'](?:canonical|alternate)["'][^>]*>""")


@pytest.fixture
def public_pages(sample: LibraryIndexPage) -> list[str]:
    """One address of every kind of page that visitors see."""
    entries = [
        LibraryPage.objects.live().type(model).first().get_url()
        for model in (MaterialPage, BookPage, CaseStudyPage, CollectionPage)
    ]
    return [
        *("/barriere-melden/", "/barriere-melden/danke/", "/suche/fehlt/?q=x", "/suche/fehlt/danke/?q=x"),
        *("/mitmachen/", "/mitmachen/material/", "/mitmachen/idee/", "/mitmachen/fast-fertig/", "/mitmachen/danke/"),
        *("/neues-per-mail/", "/neues-per-mail/?q=lesen", "/neues-per-mail/fast-fertig/"),
        *("/netzwerk/", "/netzwerk/konstituierende-beratung/", "/neuigkeiten/", "/neuigkeiten/?page=2"),
        *("/neuigkeiten/thema/europa/", "/neuigkeiten/danske-kommuner-faellesskaber/", "/neuigkeiten/feed/"),
        *("/", "/bibliothek/", "/impressum/", "/suche/", "/suche/?q=lesen", "/suche/?q=qqxyzzy", "/suche/?page=0"),
        *("/foerderschwerpunkt/lernen/", "/zielgruppe/eltern/", "/suche/feed/", "/gibt-es-nicht/"),
        *("/merkliste/", f"/merkliste/?id={sample.get_children().live().first().pk}&id=1&id=x", "/merkliste/export/"),
        *("/termine/", "/termine/archiv/", "/termine/feed/", "/termine/ical/", "/termine/was-machen/"),
        *("/api/v2/search/", "/api/v2/search/?page=0", "/api/v2/openapi.json", "/api/v2/pages/", "/api/v2/images/"),
        *("/api/v2/documents/", "/sitemap.xml", "/robots.txt", "/api/v2/images/?fields=*&limit=100"),
        *("/api/v2/pages/?fields=*&limit=100", "/api/v2/pages/?type=library.LibraryPage&fields=*&limit=100"),
        *entries,
    ]


def test_a_visitor_gets_no_cookie_strict_headers_and_nothing_from_elsewhere(
    public_pages: list[str], subtests: pytest.Subtests
) -> None:
    for path in public_pages:
        response = Client().get(path, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        with subtests.test("no cookie and strict headers", path=path):
            _is_strict(response, path)
        with subtests.test("nothing from elsewhere", path=path):
            _loads_nothing_from_elsewhere(response)


def _is_strict(response: Any, path: str) -> None:
    assert not response.cookies
    assert response["Content-Security-Policy"] == PUBLIC_POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    if path.startswith("/api/") and response["Content-Type"].startswith("application/json"):
        assert response["Content-Disposition"] == 'attachment; filename="api.json"'
    assert "geolocation=()" in response["Permissions-Policy"]


def _loads_nothing_from_elsewhere(response: Any) -> None:
    """Neither from another host nor the original of a picture."""
    assert b"original_images" not in response.content
    if not response["Content-Type"].startswith("text/html"):
        return
    text = NOT_LOADED.sub("", response.content.decode())
    loaded = [match.replace("&amp;", "&") for match in LOADED.findall(text)]
    assert loaded
    assert [address for address in loaded if urlsplit(address).netloc] == []
    # The policy forbids what stands within the page; so it must not be there.
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)


def test_no_style_sheet_or_picture_of_ours_refers_elsewhere() -> None:
    files = [
        path for folder in settings.STATICFILES_DIRS for path in folder.rglob("*") if path.suffix in {".css", ".svg"}
    ]
    assert files
    for path in files:
        text = path.read_text()
        addresses = [first or second for first, second in IN_STYLES.findall(text)]
        assert [address for address in addresses if urlsplit(address).netloc] == [], path
        assert not re.search(r"(?:href|src)=[\"']https?:", text), path


def test_the_style_sheets_are_small() -> None:
    sizes = {path.name: path.stat().st_size for folder in settings.STATICFILES_DIRS for path in folder.rglob("*.css")}
    assert sizes.pop("fundus.css") <= 30_000
    # What only the pages of one app load.
    assert {name: size for name, size in sizes.items() if size > 8_000} == {}


def test_the_scripts_are_small_and_ask_nobody_else() -> None:
    scripts = {path.name: path for folder in settings.STATICFILES_DIRS for path in folder.rglob("*.js")}
    # What editors load is no weight on a phone.
    assert sum(path.stat().st_size for path in scripts.values() if path.parent.name != "admin") <= 23_000
    for path in scripts.values():
        assert not re.search(
            r"https?:|//[\w-]+\.\w|sendBeacon|document\.cookie|eval\(|innerHTML\s*\+?=", path.read_text()
        ), path


def test_the_policies_name_no_other_host() -> None:
    for policy in (PUBLIC_POLICY, ADMIN_POLICY):
        assert "http" not in policy
        assert "*" not in policy
    assert "unsafe" not in PUBLIC_POLICY


def test_the_admin_has_its_own_policy(client: Client, db: None) -> None:
    response = client.get("/admin/")
    assert response["Content-Security-Policy"] == ADMIN_POLICY
