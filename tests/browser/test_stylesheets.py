"""A browser understands every declaration of our style sheets: what it does not, it drops without a word."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.stylesheets import ours, read

UNKNOWN = """declared => declared.filter(([property, value]) => !CSS.supports(property, value))"""


def test_the_browser_understands_every_declaration_of_our_style_sheets(chromium: Browser) -> None:
    declared = sorted({one for css in ours().values() for one in read(css).declared})
    assert len(declared) > 300
    page = chromium.new_page()
    try:
        assert page.evaluate(UNKNOWN, [["colour", "red"], ["color", "var(--ink)"]]) == [["colour", "red"]]
        assert page.evaluate(UNKNOWN, [list(one) for one in declared]) == []
    finally:
        page.close()
