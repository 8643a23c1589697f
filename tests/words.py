"""Pages as those read them who look for words: without the signs that say where long words may break."""

from __future__ import annotations


def unbroken(page: bytes | str) -> str:
    """Return a page without soft hyphens and `<wbr>`; a word that must not be in it shall not hide behind them."""
    text = page.decode() if isinstance(page, bytes) else page
    return text.replace("\u00ad", "").replace("<wbr>", "")
