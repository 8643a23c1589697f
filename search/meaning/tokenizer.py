"""From text to the numbers of its pieces, as the model was taught to read.

SentencePiece reads the pieces, this module prepares the text: a library that does both takes five times the memory.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Protocol

from search.meaning.embedder import EmbeddingUnavailable
from search.meaning.folder import ModelFolder

BLANK = "▁"
_BLANKS = re.compile(" +")
_DROPPED = dict.fromkeys((0x00, 0xAD))


class Tokenizer(Protocol):
    """Numbers the pieces of a text."""

    def pieces(self, text: str, most: int) -> list[int]:
        """Return at most `most` numbers, those that mark begin and end included."""


def tokenizer(folder: ModelFolder) -> Tokenizer:
    """Return the tokenizer of a model. Raises EmbeddingUnavailable if it cannot be read."""
    path = folder.file(folder.tokenizer)
    if path.suffix == ".json":
        return _Foreign(str(path))
    signs = json.loads(folder.file(folder.signs).read_bytes()) if folder.signs else {}
    return SentencePieces(str(path), {int(sign, 16): text for sign, text in signs.items()})


class SentencePieces:
    """Pieces of a SentencePiece model whose own normalization is the identity."""

    def __init__(self, path: str, signs: Mapping[int, str]) -> None:
        from sentencepiece import SentencePieceProcessor

        self._signs = signs
        try:
            self._model = SentencePieceProcessor(model_file=path)
        except (OSError, RuntimeError) as error:
            raise EmbeddingUnavailable(f"the pieces of the model cannot be read: {error}") from error

    def pieces(self, text: str, most: int) -> list[int]:
        """Return the pieces between begin and end; typed control pieces such as `</s>` are text."""
        found: list[int] = self._model.encode(normalized(text, self._signs))
        return [self._model.bos_id(), *found[: most - 2], self._model.eos_id()]


class _Foreign:
    """Pieces of a `tokenizer.json`; its library is the operator's to install."""

    def __init__(self, path: str) -> None:
        try:
            from tokenizers import Tokenizer as Library
        except ImportError:
            raise EmbeddingUnavailable("a model with a tokenizer.json needs the package `tokenizers`") from None
        self._library: Any = Library.from_file(path)

    def pieces(self, text: str, most: int) -> list[int]:
        """Return the pieces with the marks that the file adds."""
        self._library.enable_truncation(most)
        found: list[int] = self._library.encode(_readable(text)).ids
        return found


def normalized(text: str, signs: Mapping[int, str]) -> str:
    """Return a text as its model knows it: signs composed, unified and mapped, each run of blanks one `▁`, one before all."""
    composed = unicodedata.normalize("NFC", _readable(text)).translate(_DROPPED).strip()
    mapped = _BLANKS.sub(" ", composed.translate(signs)).strip(" ")
    return (BLANK + mapped).replace(" ", BLANK)


def _readable(text: str) -> str:
    """Return a text without halves of surrogate pairs, which no library can encode."""
    return text.encode("utf-8", "ignore").decode()
