"""A model in a folder: `fundus-model.json` says what the files are and how to use them.

Files are checked when the folder is opened, so a torn copy is told at once and never answers nonsense.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.meaning.embedder import EmbeddingUnavailable

MANIFEST = "fundus-model.json"

SOURCE = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Digest of the weights that our own model is made from."""

RECIPE = 1
"""How it is made; raise it when the same source becomes another folder."""

INPUTS = ("ids", "embeds")
POOLINGS = ("mean", "first", "none")


@dataclass(frozen=True)
class ModelFolder:
    """A model: its files are those that the description names, with the digests it names."""

    path: Path
    digest: str
    """Of the description, so of all files and of how they are used."""
    name: str
    dimensions: int
    inputs: str
    """What the encoder reads: `ids` of pieces, or `embeds`, whose rows are in `embeddings`."""
    encoder: str
    embeddings: str
    """File of 4-bit rows, one for each piece; empty if the encoder reads ids."""
    tokenizer: str
    """`*.model` of SentencePiece, or `tokenizer.json`."""
    signs: str
    """JSON file: what each sign becomes before a SentencePiece model sees it, by its number; may be empty."""
    question_prefix: str
    passage_prefix: str
    pooling: str
    """How a vector is made from the last states: their mean, the first one, or `none`: the encoder returns it."""
    length: int
    """Pieces that the encoder reads, begin and end included."""
    source: str
    """Digest of what the folder was made from; empty for a folder of somebody else."""
    recipe: int

    def file(self, name: str) -> Path:
        """Return the path of one of its files."""
        return self.path / name


class ModelMissing(EmbeddingUnavailable):
    """Raised when there is no folder of a model."""


def find(models: Path) -> Path:
    """Return the folder of our own model among prepared ones. Raises ModelMissing if there is none yet."""
    for path in sorted(models.glob(f"*/{MANIFEST}")):
        try:
            folder = read_folder(path.parent)
        except EmbeddingUnavailable:
            continue
        if (folder.source, folder.recipe) == (SOURCE, RECIPE):
            return folder.path
    raise ModelMissing(f"there is no model in {models}; `manage.py prepare_model` makes it")


def read_folder(path: Path) -> ModelFolder:
    """Read the description of a folder, not its files. Raises EmbeddingUnavailable if there is none or it is wrong."""
    try:
        written = (path / MANIFEST).read_bytes()
    except OSError:
        raise ModelMissing(f"there is no model: {path / MANIFEST} cannot be read") from None
    try:
        return _described(path, written, json.loads(written))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EmbeddingUnavailable(f"{path / MANIFEST} does not describe a model: {error!r}") from error


def open_folder(path: Path) -> ModelFolder:
    """Read the description of a folder and check its files. Raises EmbeddingUnavailable if anything is not as described."""
    folder = read_folder(path)
    files = json.loads((path / MANIFEST).read_bytes())["files"]
    for name, named in files.items():
        if digest(path / name) != named:
            raise EmbeddingUnavailable(f"the model is broken: {path / name} is missing or not as described")
    return folder


def _described(path: Path, written: bytes, described: dict[str, Any]) -> ModelFolder:
    prefixes = described.get("prefixes", {})
    folder = ModelFolder(
        path=path,
        digest=hashlib.sha256(written).hexdigest()[:16],
        name=str(described["name"]),
        dimensions=int(described["dimensions"]),
        inputs=described["inputs"],
        encoder=described["encoder"],
        embeddings=described.get("embeddings", ""),
        tokenizer=described["tokenizer"],
        signs=described.get("signs", ""),
        question_prefix=str(prefixes.get("question", "")),
        passage_prefix=str(prefixes.get("passage", "")),
        pooling=described["pooling"],
        length=int(described["length"]),
        source=str(described.get("source", "")),
        recipe=int(described.get("recipe", 0)),
    )
    if (
        folder.inputs not in INPUTS
        or folder.pooling not in POOLINGS
        or bool(folder.embeddings) != (folder.inputs == "embeds")
    ):
        raise ValueError(f"inputs must be one of {INPUTS}, with embeddings or without, and pooling one of {POOLINGS}")
    used = {folder.encoder, folder.embeddings, folder.tokenizer, folder.signs} - {""}
    if not used <= described["files"].keys() or any(Path(name).name != name for name in described["files"]):
        raise ValueError("files must name each file of the folder with its digest")
    return folder


def digest(path: Path) -> str:
    """Return the digest of a file; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
