"""What axe says of a page; parts that it has seen on an earlier page just as they are it does not look at again.

Header, footer and filters stand on page after page: every second element was looked at over and over.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What another colour scheme can break."""

_SEEN = "data-seen-by-axe"

_MARK = r"""([mark, before]) => {
    const known = new Set(before), met = [];
    const hashed = (text) => {
        let high = 7, low = 11;
        for (let at = 0; at < text.length; at++) {
            high = Math.imul(high ^ text.charCodeAt(at), 0x85ebca6b);
            low = Math.imul(low ^ text.charCodeAt(at), 0xc2b2ae35);
            low ^= low >>> 15;
        }
        return `${high >>> 0}-${low >>> 0}`;
    };
    const walk = (parent, around) => {
        for (const one of parent.children) {
            if (!one.childElementCount) continue;
            const style = getComputedStyle(one), box = one.getBoundingClientRect();
            const here = [around, one.tagName, one.className, style.color, style.backgroundColor].join();
            const key = hashed([here, Math.round(box.x), Math.round(box.width), one.checkVisibility(),
                one.outerHTML.replace(/\d+/g, "0")].join());
            if (known.has(key)) one.setAttribute(mark, "");
            else {
                met.push(key);
                walk(one, here);
            }
        }
    };
    walk(document.body, document.body.className);
    return met;
}"""
"""Marks the outermost parts of a page that were met before; returns what is new. A part is the same if it reads the
same but for its figures, as wide and as far from the edge, in the same colours, within the same elements."""


def violations(page: Any, rules: dict[str, Any] = RULES, seen: set[str] | None = None) -> list[str]:
    """Return what axe finds, a line each: the rule and the elements.

    The bar with the filters' button is let go first: what it covers can be scrolled free, but axe looks at
    one moment only. That it never covers what has the focus is tested beside.

    `seen` remembers the parts of pages looked at by the same rules in a window of the same width and colours.
    """
    page.evaluate("document.querySelectorAll('.facets-submit').forEach(bar => bar.style.position = 'static')")
    if seen is not None:
        seen |= {*page.evaluate(_MARK, [_SEEN, [*seen]])}
    # Of what is in order nothing is told: half of the time went into saying of each such element where it is.
    options = {**rules, "resultTypes": ["violations"]}
    try:
        found = Axe().run(page, context={"exclude": [[f"[{_SEEN}]"]]}, options=options).response["violations"]
    finally:
        page.evaluate("name => document.querySelectorAll(`[${name}]`).forEach(one => one.removeAttribute(name))", _SEEN)
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes']][:3]}" for one in found]
