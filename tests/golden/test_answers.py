"""What the site answers at some forty addresses: pages, feeds, calendars, tables, the API."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from tests.golden.files import holds, markup, page_names, steady, values

ADDRESSES = (
    "/",
    "/suche/",
    "/suche/?q=lesen",
    "/suche/?q=leseschwache+4+klasse&focus=lernen&audience=lehrkraefte",
    "/suche/?q=Lehrer:innen+Bundes-Land&sort=newest&page=2",
    "/suche/?q=%22leichte+Sprache%22+-Suppe&type=material&year_from=2020",
    "/suche/?q=legastenie",
    "/suche/?q=qqxyzzy&focus=sehen",
    "/suche/?q=stammtisch&area=events",
    "/suche/?focus=unbekannt&page=0",
    "/suche/feed/?q=lesen",
    "/foerderschwerpunkt/lernen/",
    "/zielgruppe/eltern/",
    "/bibliothek/",
    "/bibliothek/text-und-zahl/",
    "/bibliothek/die-blaue-tuer/",
    "/bibliothek/silbenboote/",
    "/bibliothek/epilepsie-im-schulalltag/",
    "/bibliothek/rechnen-und-lesen-zusammen-denken/",
    "/koopv/",
    "/koopv/?ort=04109",
    "/koopv/karte/",
    "/koopv/export/",
    "/koopv/leipzig-mitte/",
    "/beratung/",
    "/beratung/sprechstunde-autismus/",
    "/termine/",
    "/termine/monat/2026-12/",
    "/termine/archiv/",
    "/termine/feed/",
    "/termine/ical/",
    "/termine/was-machen/",
    "/termine/was-machen/ical/",
    "/termine/stammtisch-koopv-4/",
    "/neuigkeiten/",
    "/neuigkeiten/feed/",
    "/neuigkeiten/danske-kommuner-faellesskaber/",
    "/netzwerk/",
    "/netzwerk/ziele/",
    "/netzwerk/geschichte/",
    "/merkliste/?id={silbenboote}&id={text-und-zahl}&id={die-blaue-tuer}",
    "/merkliste/export/?id={silbenboote}&id={text-und-zahl}&format=ris",
    "/merkliste/export/?id={silbenboote}&id={text-und-zahl}&format=csv",
    "/barriere-melden/",
    "/gibt-es-nicht/",
    "/sitemap.xml",
    "/robots.txt",
    "/api/v2/search/?q=lesen&focus=lernen&page_size=5",
    "/api/v2/search/?q=legastenie&page_size=3",
    "/api/v2/search/?focus=unbekannt&foo=1",
    "/api/v2/search/suggest/?q=le",
    "/api/v2/search/similar/?id={silbenboote}",
    "/api/v2/pages/?type=library.MaterialPage&limit=2&fields=*",
    "/api/v2/pages/?type=events.EventSeriesPage&limit=2&fields=*",
    "/api/v2/pages/?type=directory.NetworkPage&limit=2&fields=*",
    "/api/v2/regions/",
    "/api/v2/images/?limit=2",
    "/api/v2/documents/?limit=2",
    "/api/v2/openapi.json",
)


def file_name(address: str) -> str:
    """Return a file's name for an address, readable and never twice."""
    return re.sub(r"[^\w.=-]+", "_", address.strip("/") or "home")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_answers_as_it_did(golden_site: None, address: str) -> None:
    """Status, type and body; spaces, hashes and numbers apart. A slug in braces stands for a page's number."""
    numbers = {path.rstrip("/").rpartition("/")[2]: number for number, path in page_names().items()}
    response = Client().get(address.format_map(numbers))
    kind = response["Content-Type"].split(";")[0]
    body = b"".join(response) if response.streaming else response.content
    text = body.decode()
    if kind == "application/json":
        text = values(json.loads(text), page_names())
    elif "html" in kind or "xml" in kind:
        text = markup(text, page_names())
    head = f"{response.status_code} {kind} {response.get('Location', '')}".strip()
    assert holds(f"answers/{file_name(address)}.txt", f"{head}\n\n{steady(text)}")
