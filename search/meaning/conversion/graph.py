"""The encoder as an ONNX graph: word embeddings in, last hidden states out, for texts of equal length.

Post-norm BERT. Positions and the type of the text are added inside; the word embeddings stay outside, because most of the
file are those of words that a site never reads.
"""

from __future__ import annotations

import math

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from search.meaning.blocks import Floats
from search.meaning.conversion.packed import PackedModel

OPSET = 20
"""The first with `Gelu`."""

IR_VERSION = 10
INPUT, OUTPUT = "inputs_embeds", "last_hidden_state"


def encoder(model: PackedModel) -> onnx.ModelProto:
    """Return the encoder with 32-bit weights."""
    return _Graph(model).build()


class _Graph:
    def __init__(self, model: PackedModel) -> None:
        self._model = model
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def build(self) -> onnx.ModelProto:
        width = self._model.shape.width
        hidden = self._norm(self._with_positions(), "emb.ln")
        heads = self._model.shape.heads
        self._constant("apart", np.array([0, 0, heads, width // heads], np.int64))
        self._constant("together", np.array([0, 0, width], np.int64))
        self._constant("root", np.array(math.sqrt(width // heads), np.float32))
        for layer in range(self._model.shape.layers):
            hidden = self._layer(hidden, f"l{layer}.")
        self._nodes.append(helper.make_node("Identity", [hidden], [OUTPUT]))
        place = ["texts", "length", width]
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, place)],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, place)],
            self._constants,
        )
        built = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(built)
        return built

    def _with_positions(self) -> str:
        width = self._model.shape.width
        positions = self._model.numbers("emb.pos").reshape(-1, width) + self._model.numbers("emb.type")[:width]
        self._constant("positions", positions)
        for name, value in (("zero", 0), ("one", 1), ("two", 2)):
            self._constant(name, np.array([value], np.int64))
        self._node("Shape", [INPUT], "shape")
        self._node("Slice", ["shape", "one", "two"], "length")
        self._node("Slice", ["positions", "zero", "length", "zero"], "places")
        return self._node("Add", [INPUT, "places"], "placed")

    def _layer(self, hidden: str, name: str) -> str:
        query, key, value = (self._heads(hidden, name, part) for part in "qkv")
        scores = self._node("MatMul", [query, key], name + "products")
        scores = self._node("Div", [scores, "root"], name + "scores")
        weights = self._node("Softmax", [scores], name + "weights", axis=-1)
        seen = self._node("MatMul", [weights, value], name + "seen")
        seen = self._node("Transpose", [seen], name + "turned", perm=[0, 2, 1, 3])
        seen = self._node("Reshape", [seen, "together"], name + "joined")
        hidden = self._sum_normed(hidden, self._linear(seen, name + "ao", self._model.shape.width), name + "aln")
        inner = self._linear(hidden, name + "fi", self._model.shape.width)
        inner = self._node("Gelu", [inner], name + "gelu")
        return self._sum_normed(hidden, self._linear(inner, name + "fo", self._model.shape.inner), name + "oln")

    def _heads(self, hidden: str, layer: str, part: str) -> str:
        flat = self._linear(hidden, layer + part, self._model.shape.width)
        apart = self._node("Reshape", [flat, "apart"], f"{layer}{part}.apart")
        order = [0, 2, 3, 1] if part == "k" else [0, 2, 1, 3]
        return self._node("Transpose", [apart], f"{layer}{part}.heads", perm=order)

    def _linear(self, hidden: str, name: str, columns: int) -> str:
        self._constant(name + ".w", self._model.matrix(name + ".w", columns).T)
        self._constant(name + ".b", self._model.numbers(name + ".b"))
        product = self._node("MatMul", [hidden, name + ".w"], name + ".product")
        return self._node("Add", [product, name + ".b"], name)

    def _sum_normed(self, hidden: str, more: str, name: str) -> str:
        return self._norm(self._node("Add", [hidden, more], name + ".sum"), name)

    def _norm(self, hidden: str, name: str) -> str:
        for part in (".w", ".b"):
            self._constant(name + part, self._model.numbers(name + part))
        inputs = [hidden, name + ".w", name + ".b"]
        return self._node("LayerNormalization", inputs, name, axis=-1, epsilon=self._model.epsilon)

    def _constant(self, name: str, value: Floats | np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> None:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))

    def _node(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output
