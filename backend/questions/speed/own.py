"""The timings of a visitor's own model as CSV, and a script that times it at home."""

from __future__ import annotations

from backend.experiment.styles.base import IMPORTS, function
from backend.own_model.found import Found, Rewriting
from backend.own_model.job import BATCHES, MOST_IDS, USUAL_LENGTH, Timed, batch_size
from backend.questions.speed.in_turns import compare, timed
from backend.questions.speed.result import csv_of
from backend.scripts.source import source_of

_QUANTITIES = {"build": "build", "train": "train step", "infer": "inference"}
_WITH_OPS = IMPORTS.replace("import layers", "import layers, ops")

_STEPPER = '''\
def numbers(tensor):
    """Random numbers for an input. Whole ones are ids that each embedding of the model has."""
    draws = np.random.default_rng(0)
    shape = ({examples}, *({length} if length is None else length for length in tensor.shape[1:]))
    kind = keras.backend.standardize_dtype(tensor.dtype)
    if kind.startswith(("int", "uint", "bool")) or {only_ids}:
        return draws.integers(0, 2 if kind == "bool" else {ids}, shape).astype(kind)
    return draws.normal(size=shape).astype("float32")


def packed(value):
    """A list as a tuple: a data set of TensorFlow would make one tensor of a list."""
    return tuple(value) if isinstance(value, list) else value


def stepper(model):
    """A function that takes a train step of the compiled model."""
    one = isinstance(model, keras.Sequential)
    inputs, outputs = (model.inputs[0], model.outputs[0]) if one else (model.input, model.output)
    model.compile(optimizer="adam", loss=keras.tree.map_structure(lambda _: "mse", outputs))
    x = keras.tree.map_structure(numbers, inputs)
    draws = np.random.default_rng(1)
    predicted = model.predict(x, batch_size={batch}, verbose=0)
    y = keras.tree.map_structure(lambda each: draws.normal(size=each.shape).astype("float32"), predicted)
    data = tf.data.Dataset.from_tensor_slices((packed(x), packed(y)))
    return timed(model, iter(data.batch({batch}).repeat()))


ratio, low, high = compare([stepper(build()) for build in (several_layers, one_layer, one_layer)])
print(f"Train step: several layers / one layer {{ratio:.2f}}, interval {{low:.2f}} to {{high:.2f}}")
'''


def csv(found: Timed) -> str:
    """Every reading in long form: style, quantity, round, seconds."""
    rows = [
        (style, quantity, i, seconds)
        for style, timings in (("several layers", found.several), ("one layer", found.one), ("control", found.control))
        for name, quantity in _QUANTITIES.items()
        for i, seconds in enumerate(getattr(timings, name), 1)
    ]
    return csv_of(rows, ["style", "quantity", "round", "seconds"])


def script(found: Found, rewriting: Rewriting) -> str:
    """A script that times a train step of both styles in turns, as a worker does, in Keras, NumPy and TensorFlow."""
    several, one = (found.source, rewriting.other)[:: 1 if rewriting.fuses else -1]
    imports = _WITH_OPS if _WITH_OPS in (several + one) else IMPORTS
    batch, ids = batch_size(found.activations), found.ids
    stepper = _STEPPER.format(
        examples=BATCHES * batch, batch=batch, ids=ids, only_ids=ids < MOST_IDS, length=USUAL_LENGTH
    )
    models = [_function("several_layers", several), _function("one_layer", one)]
    head = f"from time import perf_counter\n\n{imports}import numpy as np\nimport tensorflow as tf\n"
    return "\n\n".join([head, *models, source_of([timed, compare]), stepper])


def _function(name: str, source: str) -> str:
    return function(name, source.replace(_WITH_OPS, IMPORTS, 1))
