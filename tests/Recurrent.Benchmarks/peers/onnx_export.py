"""Writes the stacks of W1 … W5 as ONNX files with random weights, and a model that does nothing, for onnxruntime.mjs.

python3 onnx_export.py models

The input is (steps, batch, features), the layout that the operators LSTM, GRU and RNN have by default, so that nothing has to be
transposed; dropout does nothing when predicting and is left out.
"""

import os
import sys

import numpy
from onnx import TensorProto, checker, helper, numpy_helper, save

# name: operator, layers, units, steps, features, outputs; the same numbers as in Workload.cs
STACKS = {
    "W1": ("LSTM", 3, 50, 10, 1, 1),
    "W2": ("LSTM", 1, 50, 10, 1, 1),
    "W3": ("GRU", 1, 128, 50, 10, 2),
    "W4": ("LSTM", 2, 256, 100, 64, 1),
    "W5": ("RNN", 1, 64, 100, 8, 1),
}
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def stack(name):
    operator, layers, units, steps, features, outputs = STACKS[name]
    gates = GATES[operator]
    random = numpy.random.RandomState(1)
    constants, nodes = [], []

    def constant(label, values):
        constants.append(numpy_helper.from_array(values, label))
        return label

    def weights(label, *shape):
        limit = units ** -0.5
        return constant(label, random.uniform(-limit, limit, shape).astype(numpy.float32))

    value, width = "x", features
    for layer in range(layers):
        # As Keras's GRU by default and PyTorch's always: the reset gate after the product.
        options = {"linear_before_reset": 1} if operator == "GRU" else {}
        inputs = [
            value, weights(f"w{layer}", 1, gates * units, width), weights(f"r{layer}", 1, gates * units, units),
            weights(f"b{layer}", 1, 2 * gates * units),
        ]
        nodes.append(helper.make_node(operator, inputs, [f"y{layer}", f"h{layer}"], hidden_size=units, **options))
        last = layer == layers - 1
        # y is (steps, directions, batch, units), h is (directions, batch, units).
        axis, given = (0, f"h{layer}") if last else (1, f"y{layer}")
        axes = constant(f"axes{layer}", numpy.array([axis], numpy.int64))
        nodes.append(helper.make_node("Squeeze", [given, axes], [f"s{layer}"]))
        value, width = f"s{layer}", units
    head = [value, weights("w", outputs, units), weights("b", outputs)]
    nodes.append(helper.make_node("Gemm", head, ["z" if outputs > 1 else "y"], transB=1))
    if outputs > 1:
        nodes.append(helper.make_node("Softmax", ["z"], ["y"], axis=1))
    return model(name, nodes, [steps, "batch", features], ["batch", outputs], constants)


def identity():
    """What a call costs before any work is done: the shape is that of W2."""
    _, _, _, steps, features, _ = STACKS["W2"]
    shape = [steps, "batch", features]
    return model("identity", [helper.make_node("Identity", ["x"], ["y"])], shape, shape, [])


def model(name, nodes, input_shape, output_shape, constants):
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, input_shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, output_shape)],
        constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    made.ir_version = 8
    checker.check_model(made)
    return made


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name in STACKS:
        save(stack(name), os.path.join(folder, name + ".onnx"))
    save(identity(), os.path.join(folder, "identity.onnx"))


if __name__ == "__main__":
    main()
