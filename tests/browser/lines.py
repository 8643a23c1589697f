"""What a browser says of a page's lines: what is wider than the window, and which words are torn.

A word is torn where it goes on in the next line between two letters without a hyphen, soft or typed, at that place.
"""

from __future__ import annotations

WIDTHS = (320, 360, 640, 768, 820)
"""Phones upright and across, and tablets upright: where columns are narrow."""

FAULTS = r"""() => {
    const found = [], range = document.createRange(), root = document.documentElement;
    if (root.scrollWidth > innerWidth)
        found.push(`the page: ${root.scrollWidth} px`, ...[...document.body.querySelectorAll("*")]
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(one => one.outerHTML.slice(0, 120)));
    for (const one of document.querySelectorAll(".regions .figure-scroll, .regions .table-wrap"))
        if (one.scrollWidth > one.clientWidth) found.push(`${one.className}: ${one.scrollWidth} px`);
    // On a phone the cover stands below the title; beside it, it shall leave the title its room.
    for (const one of document.querySelectorAll(".entry-cover img, .card-cover img"))
        if (innerWidth >= 640 && one.clientWidth > 160) found.push(`a cover: ${one.clientWidth} px`);

    document.body.style.hyphens = "manual";  // where the browser has a dictionary, its hyphens are no merit of ours
    const boxes = () => [...range.getClientRects()].filter(box => box.width > 0);
    const lines = () => new Set(boxes().map(box => Math.round(box.top))).size;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = texts.nextNode());) {
        const parent = node.parentElement;
        if (parent.closest("svg, .visually-hidden, .credit") || !parent.checkVisibility()) continue;
        range.selectNodeContents(node);
        if (lines() < 2) continue;
        for (const { 0: word, index } of node.data.matchAll(/\S{4,}/g)) {
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            if (lines() < 2) continue;
            let top = Infinity;
            for (let at = 0; at < word.length; at++) {
                range.setStart(node, index + at);
                range.setEnd(node, index + at + 1);
                const box = word[at] === "\u00ad" ? undefined : boxes().at(-1);
                if (!box) continue;
                if (box.top > top + 4 && /[\p{L}\p{N}]$/u.test(word.slice(0, at)) && /^[\p{L}\p{N}]/u.test(word.slice(at)))
                    found.push(`torn: ${word.slice(0, at)}¦${word.slice(at)} in ${parent.outerHTML.slice(0, 80)}`);
                top = box.top;
            }
        }
    }
    document.body.style.hyphens = "";
    return found;
}"""
"""What is wider than the window or its frame, covers that leave titles no room, and torn words; a line each."""
