"""Advice on Leichte Sprache: each rule says what it sees, our own texts keep them, and only such pages get it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from core.editing.plain_rules import advise, sentences
from demo.data import FOLDER, read_data
from home.models import HomePage, InfoPage
from tests.catalogues.po import entries
from tests.catalogues.visitors import ROOT


@pytest.mark.parametrize(
    ("sentence", "hint"),
    [
        ("Wir gehen heute mit allen Kindern aus der Klasse in den großen Park.", "13 Wörter"),
        ("Der Antrag wird morgen geprüft.", "Passiv"),
        ("Die Kinder wurden begrüßt.", "Passiv"),
        ("Das Haus des Kindes ist groß.", "Genitiv („des Kindes“)"),
        ("Die Hilfe der Schule ist gut.", "Genitiv („Hilfe der Schule“)"),
        ("Das könnte gehen.", "Möglichkeitsform"),
        ("Es gibt drei Wege.", "Ziffer"),
        ("Fast 40 % kommen.", "Prozent"),
        ("Es kamen 2500 Menschen.", "große Zahl"),
        ("Es kamen 12.500 Menschen.", "12.500"),
        ("Der Kooperationsverbund hilft.", "Mediopunkt"),
        ("Sie benötigen Zeit.", "brauchen"),
        ("Die Maßnahmen helfen.", "Hilfe, Plan"),
        ("Nehmen Sie z. B. einen Stift.", "aus"),
    ],
)
def test_what_is_hard_to_read_is_named_with_its_sentence(sentence: str, hint: str) -> None:
    [advice] = advise([sentence])
    assert advice.sentence == sentence
    assert any(hint in one for one in advice.hints), advice.hints


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Kooperations·verbund hilft.",
        "Das Netzwerk gibt es seit 2016.",
        "Das Kind wird gern gehen.",
        "Von der Kita in die Schule",
        "Schreiben Sie an inklusionsberatung@lasub.example.",
        "Das Treffen ist am 3. Mai.",
        "Postleit·zahl: 04109",
    ],
)
def test_what_is_easy_gets_no_advice(sentence: str) -> None:
    assert advise([sentence]) == []


def test_sentences_end_with_their_line_and_not_with_a_short_form() -> None:
    text = "Wir treffen uns am 3. Mai. Kommen Sie!\nBringen Sie z. B. Stifte mit"
    assert list(sentences(text)) == ["Wir treffen uns am 3. Mai.", "Kommen Sie!", "Bringen Sie z. B. Stifte mit"]


def texts(value: Any) -> list[str]:
    """Return all texts of a part of a data file, as lines."""
    if isinstance(value, str):
        return [re.sub(r"<[^>]+>", "", re.sub(r"<br/>|</p>|</li>", "\n", value))]
    parts = [part for key, part in value.items() if key not in ("of", "type")] if isinstance(value, dict) else value
    return [text for part in parts for text in texts(part)]


def test_our_own_texts_in_leichte_sprache_keep_the_rules() -> None:
    twins = read_data(FOLDER / "twins" / "de-simple.toml")["twin"]
    catalogue = (ROOT / "locale/de_Simple/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    said = [
        re.sub(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>", "7", form) for entry in entries(catalogue) for form in entry.forms
    ]
    assert advise([*texts(twins), *said]) == []


@pytest.mark.django_db
def test_the_advice_stands_in_the_form_of_a_page_in_leichte_sprache_and_of_no_other(
    library_index: Any, admin_client: Client
) -> None:
    home = HomePage.objects.get(locale__language_code="de")
    page = InfoPage(title="Wer hilft", slug="hilfe", summary="Der Antrag wird geprüft.", body='[{"type": "text", "value": "<p>Das könnte gehen.</p>"}]')  # fmt: skip
    home.add_child(instance=page)
    locale, _ = Locale.objects.get_or_create(language_code="de-simple")
    home.copy_for_translation(locale)
    twin = page.copy_for_translation(locale)
    html = admin_client.get(f"/admin/pages/{twin.pk}/edit/").content.decode()
    advice = html.split('id="leichte-sprache"')[1].split("</section>")[0]
    assert "<q>Der Antrag wird geprüft.</q>" in advice
    assert "<q>Das könnte gehen.</q>" in advice
    assert 'id="leichte-sprache"' not in admin_client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
