"""A script that trains a topology and its baseline as a worker does, and prints the verdict's figures.

It needs Keras with TensorFlow, and NumPy. It contains the text of the functions that a worker calls for the problem
and the score.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import partial
from types import CodeType, FunctionType

from backend.experiment.styles.base import IMPORTS, function
from backend.questions.topologies.base import BATCH, CONFIDENCE, FIRST_SEED, SAMPLES, Topology
from backend.scripts.source import source_of
from backend.statistics.intervals import interval

_IMPORTS = f"""\
from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial

{IMPORTS}import numpy as np
import tensorflow as tf

Arrays = dict  # by the name of an input or a head
"""

_TRAINING = """\
def inputs(model, arrays):
    values = tuple(arrays[tensor.name] for tensor in model.inputs)
    return values if len(values) > 1 else values[0]


def validation_score(build, seed, epochs):
    \"\"\"The score on validation sequences. The seed decides data, initial weights and the order of the batches.\"\"\"
    problem = draw(seed, 2 * SAMPLES, RELATEDNESS)
    training, validation = problem.part(0, SAMPLES), problem.part(SAMPLES, 2 * SAMPLES)
    random.seed(seed)  # Keras draws the seeds of its initial weights from it
    model = build()
    pairs = inputs(model, training.x), {name: training.y[name] for name in model.output}
    data = tf.data.Dataset.from_tensor_slices(pairs)
    data = data.shuffle(SAMPLES, seed=seed, reshuffle_each_iteration=True).batch(BATCH, drop_remainder=True)
    model.fit(data, epochs=epochs, shuffle=False, verbose=0)
    predicted = model(inputs(model, validation.x), training=False)
    return score({name: np.asarray(values) for name, values in predicted.items()}, validation.y)


for epochs in LENGTHS:
    gains = []
    for seed in SEEDS:
        ours, theirs = (validation_score(build, seed, epochs) for build in (topology, baseline))
        gains.append(SIGN * (ours - theirs))
        print(f"{epochs} epochs, seed {seed}: {ours:.4f} and {theirs:.4f}", flush=True)
    low, high = np.sort(gains)[[OMITTED, -1 - OMITTED]]
    print(f"After {epochs} epochs, the median gain is {np.median(gains):+.3g}, the interval {low:+.3g} to {high:+.3g}")
"""


def write(topology: Topology, relatedness: float) -> str:
    """The script of a topology; it uses `relatedness` only if the topology does."""
    score = topology.metric.score
    metric, keywords = (score.func, score.keywords) if isinstance(score, partial) else (score, {})
    parts: dict[str, str] = {}
    for each in (topology.draw, metric):
        assert isinstance(each, FunctionType)
        _collect(each, parts)
    omitted = interval([0.0] * topology.seeds, CONFIDENCE)
    assert omitted is not None
    settings = {
        "SAMPLES": SAMPLES, "BATCH": BATCH, "LENGTHS": topology.lengths, "RELATEDNESS": relatedness,
        "SEEDS": range(FIRST_SEED, FIRST_SEED + topology.seeds), "SIGN": 1 if topology.metric.higher_is_better else -1,
        "OMITTED": omitted.omitted,
    }  # fmt: skip
    lines = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
    lines += f"draw = {topology.draw.__name__}\n" if topology.draw.__name__ != "draw" else ""
    keyword_source = "".join(f", {name}={value!r}" for name, value in keywords.items())
    lines += f"score = partial({metric.__name__}{keyword_source})\n" if keywords or metric.__name__ != "score" else ""
    models = [function("topology", topology.model.text), function("baseline", topology.baseline.text)]
    return "\n\n".join([_IMPORTS, *parts.values(), *models, lines, _TRAINING])


def _collect(member: FunctionType, parts: dict[str, str]) -> None:
    """Add the text of a function to `parts`, after the text of our functions, classes and constants that it reads."""
    namespace = member.__globals__
    for name in dict.fromkeys(_names(member.__code__)):
        value = namespace.get(name)
        if inspect.isfunction(value):
            _collect(value, parts)
        elif inspect.isclass(value):
            parts[name] = source_of([value])
        elif name in namespace and not inspect.ismodule(value):
            parts[name] = f"{name} = {value!r}\n"
    parts[member.__name__] = source_of([member])


def _names(code: CodeType) -> Iterator[str]:
    """The names that a function reads, also in functions and comprehensions within it."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)
