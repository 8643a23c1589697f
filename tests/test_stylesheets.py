"""Our style sheets pass their lint, and the lint finds what it is there for."""

from __future__ import annotations

import pytest

from tests.stylesheets import findings, ours, sources

USING = 'class="card focus-{{ slug }}" style="--hue: red"'


def test_our_style_sheets_say_nothing_in_vain() -> None:
    assert len(ours()) > 3
    assert list(findings(ours(), sources())) == []


@pytest.mark.parametrize(
    ("css", "finding"),
    [
        (".card { color red; }", "for a qualified rule"),
        (".card { color: ; }", "color has no value"),
        (".card { color: red; }}", "EOF reached"),
        (".card { color: red;\n.card { color: red; }", "a rule within a rule"),
        ("@media print { .card { color: red; }", "the last rule is not closed"),
        (".card { width: calc(1px }", "Unmatched }"),
        (".card:not(.crad) { color: red; }", "nothing has the class crad"),
        (".hocus-sehen { color: red; }", "nothing has the class hocus-sehen"),
        (".card { color: rgb(from var(--paper) r g b); }", "--paper is defined nowhere"),
        (".card { --paper: white; }", "--paper is used nowhere"),
    ],
)
def test_a_slip_in_a_style_sheet_is_found(css: str, finding: str) -> None:
    found = list(findings({"some.css": css}, USING))
    assert finding in "\n".join(found)


def test_names_that_templates_complete_and_values_that_they_set_are_known() -> None:
    css = ".focus-sehen, .card:not(:first-child) > a { --line: var(--hue); color: var(--line); }"
    assert list(findings({"some.css": css}, USING)) == []
