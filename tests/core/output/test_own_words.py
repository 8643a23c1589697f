"""Whoever reads another language reads no German words of ours: neither of the interface nor of the vocabularies.

What editors write may be German where it says so by `lang`; everything else is translated, so it can be told from the
catalogues and the labels alone, without visiting the German pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import lxml.html
import pytest
from django.test import Client
from django.utils import formats
from django.utils.translation import gettext, override
from wagtail.models import Page, Site

from core.models import SiteSettings
from news.models import NewsPage
from search.index.documents import from_page
from search.index.rebuild import rebuild
from search.words import current
from tests.catalogues.visitors import of_visitors
from vocabularies.models import Concept

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "da")
VIEWS = (
    *("suche/", "suche/?focus=lernen&level=primarbereich", "suche/?q=qqxyzzy", "suche/?year_from=x", "gibt-es-nicht/"),
    *("merkliste/", "mitmachen/", "mitmachen/material/", "mitmachen/partner/", "barriere-melden/", "mitmachen/danke/"),
    *(
        "foerderschwerpunkt/lernen/",
        "foerderschwerpunkt/uebergreifend/",
        "zielgruppe/eltern/",
        "suche/feed/?focus=lernen",
    ),
)
SPOKEN = ("aria-label", "title", "alt", "placeholder", "content", "data-empty", "label")
FOOTER = "Ein Satz der Redaktion auf Deutsch."


@cache
def interface(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the strings that visitors see, in German and in another language."""
    messages = {text for found in of_visitors() for text in found.message if text}
    with override(language):
        translated = {gettext(text) for text in messages}
    return frozenset(messages), frozenset(translated)


def german_words(language: str) -> set[str]:
    """Return what nobody says in another language: German strings, labels and introductions that it says otherwise."""
    strings, translated = interface(language)
    concepts = list(Concept.objects.prefetch_related("labels"))
    labels = {concept.label for concept in concepts} | {concept.vocabulary.title for concept in concepts}
    own = translated | {concept.label_for(language) for concept in concepts}
    introductions = {lxml.html.fromstring(one.introduction).text_content() for one in concepts if one.introduction}
    return {" ".join(text.split()) for text in (strings | labels | introductions | {FOOTER}) - own}


def spoken(element: Any, language: str, own: str) -> Iterator[str]:
    """Yield the texts and attributes below an element that are in the language of the page."""
    if not isinstance(element.tag, str) or element.tag in {"script", "style"}:
        return
    here = element.get("lang") or language
    if here == own:
        yield from (element.text or "", *(element.get(name, "") for name in SPOKEN))
    for child in element:
        yield from spoken(child, here, own)
        if here == own:
            yield child.tail or ""


@pytest.fixture
def site(sample_library: Any, empty_index: Any) -> None:
    """The sample in its languages, with an index of those that are read here, and a footer that editors wrote."""
    rebuild(locales=LANGUAGES)
    SiteSettings.objects.update_or_create(site=Site.objects.get(), defaults={"footer_text": FOOTER})
    concept = Concept.objects.get(vocabulary__slug="focus", slug="lernen")
    concept.introduction = "<p>Eine Einführung auf Deutsch.</p>"
    concept.save()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_in_another_language_says_german_words_of_the_interface_or_the_vocabularies(
    site: None, client: Client, language: str
) -> None:
    pages = Page.objects.live().filter(locale__language_code=language, depth__gt=1)
    addresses = [page.get_url() for page in pages] + [f"/{language}/{view}" for view in VIEWS]
    assert len(addresses) > 20
    german, found = german_words(language), set()
    assert {"Lernen", "Zielgruppe", "alle Rechte vorbehalten", "Eine Einführung auf Deutsch.", FOOTER} < german
    for address in addresses:
        text = client.get(address).content.decode()
        root = lxml.html.fromstring(text.encode())
        for words in spoken(root, root.get("lang") or language, language):
            said = re.sub(r"\s+", " ", words.replace("\xad", "")).strip(" ,:·")
            if said in german:
                found.add((address, said))
    assert found == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_hits_say_of_a_news_item_is_in_its_language_whoever_indexes_it(site: None, language: str) -> None:
    item = NewsPage.objects.filter(locale__language_code=language).first()
    assert item is not None
    with override(language):
        day = formats.date_format(item.date, "DATE_FORMAT")
    with override("de"):
        assert (
            from_page(item, current(language)).payload["facts"]
            == [day]
            != [formats.date_format(item.date, "DATE_FORMAT")]
        )


def test_german_pages_keep_their_introduction_and_footer_and_easy_language_has_neither(
    site: None, client: Client
) -> None:
    german = client.get("/foerderschwerpunkt/lernen/").content.decode()
    assert german.count("Eine Einführung auf Deutsch.") == 2, "on the page and in its description"
    assert FOOTER in german
    simple = client.get("/de-simple/foerderschwerpunkt/lernen/").content.decode()
    assert "Eine Einführung" not in simple
    assert FOOTER not in simple
