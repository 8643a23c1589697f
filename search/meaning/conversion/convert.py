"""`python -m search.meaning.conversion.convert SOURCE TARGET`: turn the packed weights into a model folder.

Its libraries are those of `requirements.txt` beside this file, which the site itself does not have.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from sentencepiece import sentencepiece_model_pb2

from search.meaning.conversion.graph import encoder
from search.meaning.conversion.packed import PackedModel, Pieces, read
from search.meaning.folder import MANIFEST, RECIPE

MASK = "<mask>"


def convert(source: Path, target: Path) -> None:
    """Write a model folder made from `source` into the existing, empty folder `target`."""
    model = read(source)
    _write_encoder(model, target / "encoder.onnx")
    (target / "words.q4").write_bytes(model.blocks("emb.word").tobytes())
    (target / "pieces.model").write_bytes(_piece_model(model.pieces))
    (target / "signs.json").write_text(json.dumps({f"{sign:x}": text for sign, text in model.signs.items()}))
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(target.iterdir())}
    manifest = {**_description(model), "source": hashlib.sha256(source.read_bytes()).hexdigest(), "files": files}
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


def _description(model: PackedModel) -> dict[str, Any]:
    return {
        "name": "multilingual-e5-small",
        "recipe": RECIPE,
        "dimensions": model.shape.width,
        "inputs": "embeds",
        "encoder": "encoder.onnx",
        "embeddings": "words.q4",
        "tokenizer": "pieces.model",
        "signs": "signs.json",
        "prefixes": {"question": "query: ", "passage": "passage: "},
        "pooling": "mean",
        "length": model.shape.positions,
    }


def _write_encoder(model: PackedModel, path: Path) -> None:
    """Write the encoder with 8-bit weights, a scale for each column."""
    # It recommends a step that finds nothing to do in this graph.
    logging.getLogger().setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(dir=path.parent.parent) as folder:
        plain = Path(folder) / "encoder.onnx"
        onnx.save(encoder(model), plain)
        quantize_dynamic(plain, path, weight_type=QuantType.QInt8, per_channel=True)


def _piece_model(pieces: Pieces) -> bytes:
    """Return the vocabulary as SentencePiece reads it; it changes no sign, `search.meaning.tokenizer` does."""
    proto = sentencepiece_model_pb2
    model = proto.ModelProto()
    roles = {pieces.unknown: proto.ModelProto.SentencePiece.UNKNOWN}
    # Of control pieces a text holds none: typed, they are letters and signs.
    control = {pieces.begin, pieces.end, pieces.padding, pieces.texts.index(MASK)}
    roles |= dict.fromkeys(control, proto.ModelProto.SentencePiece.CONTROL)
    for number, (text, score) in enumerate(zip(pieces.texts, pieces.scores, strict=True)):
        piece = model.pieces.add(piece=text, score=score)
        if number in roles:
            piece.type = roles[number]
    trainer = model.trainer_spec
    trainer.model_type = proto.TrainerSpec.UNIGRAM
    trainer.vocab_size = len(pieces.texts)
    trainer.unk_id, trainer.bos_id = pieces.unknown, pieces.begin
    trainer.eos_id, trainer.pad_id = pieces.end, pieces.padding
    normalizer = model.normalizer_spec
    normalizer.name = "identity"
    normalizer.add_dummy_prefix = normalizer.remove_extra_whitespaces = normalizer.escape_whitespaces = False
    written: bytes = model.SerializeToString(deterministic=True)
    return written


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
