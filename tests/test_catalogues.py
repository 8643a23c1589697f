"""Visitors read every string of the interface in their language, and the compiled catalogues are those of the sources."""

from __future__ import annotations

import gettext
import re
from functools import cache
from typing import Any

import pytest
from django.template.base import Lexer, TokenType
from django.utils.translation import gettext as _
from django.utils.translation import override, to_locale

from tests.catalogues.po import entries
from tests.catalogues.visitors import ROOT, in_code, in_template, is_editors, of_visitors

LANGUAGES = ("en", "da", "de-simple")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|(?<!\w)#(?!\w)")


def path(language: str, kind: str) -> Any:
    """Return the path of a catalogue."""
    return ROOT / "locale" / to_locale(language) / "LC_MESSAGES" / f"django.{kind}"


@cache
def compiled(language: str) -> dict[Any, str]:
    """Return what the compiled catalogue holds, by string, or by string and number of the form."""
    with path(language, "mo").open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_that_visitors_see_has_a_translation_and_no_other_string_is_kept(language: str) -> None:
    held = {key[0] if isinstance(key, tuple) else key for key, text in compiled(language).items() if text} - {""}
    seen = {found.message.text: f"{found.file}:{found.line}" for found in of_visitors()}
    assert {text: seen[text] for text in seen.keys() - held} == {}, "run `make messages` and translate"
    assert held - seen.keys() == set(), "run `make messages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogues_are_those_of_the_sources(language: str) -> None:
    written: dict[Any, str] = {}
    for entry in entries(path(language, "po").read_text(encoding="utf-8")):
        if entry.message.plural:
            written |= {(entry.message.text, number): form for number, form in enumerate(entry.forms)}
        else:
            written[entry.message.text] = entry.forms[0]
    assert {key: text for key, text in compiled(language).items() if key} == written, "run `make messages`"


def test_no_two_strings_share_a_singular_but_not_the_plural() -> None:
    plurals: dict[str, set[str]] = {}
    for found in of_visitors():
        plurals.setdefault(found.message.text, set()).add(found.message.plural)
    assert {text: found for text, found in plurals.items() if len(found) > 1 and "" not in found} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_hold_the_placeholders_of_their_strings(language: str) -> None:
    catalogue = compiled(language)
    for text, plural in {found.message for found in of_visitors()}:
        allowed = set(_PLACEHOLDER.findall(text)) | set(_PLACEHOLDER.findall(plural))
        forms = [catalogue[text, 0], catalogue[text, 1]] if plural else [catalogue[text]]
        for form, source in zip(forms, (text, plural), strict=False):
            assert set(_PLACEHOLDER.findall(form)) == set(_PLACEHOLDER.findall(source)), (form, allowed)
            assert form.count("<") == source.count("<"), form


def test_django_finds_the_catalogues() -> None:
    texts = set()
    for language in ("de", *LANGUAGES):
        with override(language):
            texts.add(_("Was suchen Sie?") + _("Zur Startseite"))
    assert len(texts) == 4


def test_the_rule_tells_strings_of_visitors_from_those_of_editors() -> None:
    code = """
from django.utils.translation import gettext_lazy as _, gettext as _t
class Page:
    search_type_label = _("Material")
    search_area = Area("x", _("Bereich"), hits_label=_("Treffer"))
    name = models.CharField(_("Name"), help_text=_("Hilfe"))
    class Kind(models.TextChoices):
        ONE = "one", _("Eins")
    class Meta:
        verbose_name = _("Seite")
    def clean(self): raise ValidationError(_t("falsch"))
    def label(self): return f"{_t('von')} x"
"""
    assert {found.message.text for found in in_code(code, "x/models.py")} == {
        "Material", "Bereich", "Treffer", "Eins", "von",
    }  # fmt: skip
    assert len(list(in_code(code, "x/views.py"))) == 9
    assert is_editors("search/editors/viewsets.py")
    assert not is_editors("search/web/forms.py")
    template = (
        "{% translate 'Eins' %}{% blocktranslate count n=n %}{{ n }} Tag{% plural %}{{ n }} Tage{% endblocktranslate %}"
    )
    found = [(*found.message,) for found in in_template(template, "x.html")]
    assert found == [("Eins", ""), ("%(n)s Tag", "%(n)s Tage")]


_ATTRIBUTE = re.compile(r"""\b(?:alt|title|placeholder|aria-label|data-\w+)="([^"]*)\"""")
_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")


def untranslated(text: str) -> list[str]:
    """Return the words of a template that stand outside of what is translated."""
    left, inside = "", False
    for token in Lexer(text).tokenize():
        if token.token_type is TokenType.BLOCK:
            name = " ".join(token.contents.split()[:2])
            if name.split()[0] in ("blocktranslate", "comment") or name == "block body_class":
                inside = True
            elif name.startswith("end"):
                inside = False
            left += " "
        elif token.token_type is TokenType.VAR:
            left += "\0"
        elif token.token_type is TokenType.TEXT and not inside:
            left += token.contents
    left = re.sub(r"<(style|script)\b.*?</\1>|<!--.*?-->", "", left, flags=re.DOTALL)
    named = [value for value in _ATTRIBUTE.findall(left) if "\0" not in value and " " in value.strip()]
    return [word for part in [re.sub(r"<[^>]*>", " ", left), *named] for word in _WORD.findall(part)]


NAMES = {"Fundus", "iCal", "CSV", "ISBN", "HTML", "Atom", "RIS", "BibTeX"}


def test_no_template_of_visitors_says_a_word_that_is_not_translated() -> None:
    said = {}
    for file in sorted((ROOT / "templates").rglob("*.html")):
        name = file.relative_to(ROOT).as_posix()
        if not is_editors(name):
            said[name] = set(untranslated(file.read_text(encoding="utf-8"))) - NAMES
    assert {name: words for name, words in said.items() if words} == {}
    assert untranslated('<p title="Ein Wort">{{ x }} Noch eins</p>{% translate "aus" %}') == [
        "Noch",
        "eins",
        "Ein",
        "Wort",
    ]
