"""Weights of an ONNX graph in 8 bits: one scale for each output channel or embedding row; activations stay as they are.

Quantising activations as well (onnxruntime's dynamic quantisation) cost 0.05 of the records F1 on real news; this costs
what rounding weights to 1/254 of their channel's range costs. See docs/ablations.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

_LEAST_WEIGHTS = 4096
_LARGEST = 127
# Operator → (which input holds the weights, axis of its channels: output channels, or rows of an embedding).
_WEIGHTS = {"MatMul": (1, -1), "Conv": (1, 0), "Gather": (0, 0), "Gemm": (1, None)}


def quantize_weights(source: Path, target: Path) -> None:
    """Write ``source`` with every large weight of a matrix product, convolution or embedding as int8."""
    model = onnx.load(str(source))
    graph = model.graph
    weights = {item.name: item for item in graph.initializer}
    axes: dict[str, int] = {}
    for node in graph.node:
        place, axis = _WEIGHTS.get(node.op_type, (None, None))
        if place is None or node.input[place] not in weights:
            continue
        tensor = weights[node.input[place]]
        if tensor.data_type == onnx.TensorProto.FLOAT and int(np.prod(tensor.dims)) >= _LEAST_WEIGHTS:
            axes[tensor.name] = _gemm_axis(node) if axis is None else axis % len(tensor.dims)
    for name, axis in axes.items():
        values = numpy_helper.to_array(weights[name])
        rounded, scale = _rounded(values, axis)
        graph.initializer.remove(weights[name])
        parts: dict[str, NDArray[Any]] = {
            f"{name}_int8": rounded,
            f"{name}_scale": scale,
            f"{name}_zero": np.zeros(len(scale), dtype=np.int8),
        }
        graph.initializer.extend(numpy_helper.from_array(array, part) for part, array in parts.items())
        graph.node.insert(0, helper.make_node("DequantizeLinear", list(parts), [name], axis=axis))
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def _gemm_axis(node: onnx.NodeProto) -> int:
    transposed = any(a.name == "transB" and a.i for a in node.attribute)
    return 0 if transposed else 1


def _rounded(values: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    others = tuple(i for i in range(values.ndim) if i != axis)
    scale = np.maximum(np.abs(values).max(axis=others), 1e-8) / _LARGEST
    shape = [1] * values.ndim
    shape[axis] = -1
    rounded = np.clip(np.rint(values / scale.reshape(shape)), -_LARGEST, _LARGEST).astype(np.int8)
    return rounded, scale.astype(np.float32)
