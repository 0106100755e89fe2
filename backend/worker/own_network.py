"""The jobs on a visitor's own model: compare both styles of its heads with the same weights, and time them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from backend.jobs.messages import Phase, Progress
from backend.jobs.runtime import Context, Refused
from backend.own_network.conversion import Conversion
from backend.own_network.examination import Examination, Rewriting, examine
from backend.own_network.graph import Graph
from backend.own_network.job import (
    BATCHES,
    MOST_IDS,
    Comparison,
    OwnNetworkJob,
    OwnTimingJob,
    Timed,
    Timings,
    batch_size,
    ids_below,
)
from backend.own_network.size import usual_shape
from backend.own_network.writer import write
from backend.worker.build import build
from backend.worker.describe import layer_graph
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.stopwatch import Stepper, builder, rounds

#: Random inputs with which both styles are compared, and how many units in the last place rounding may cause.
EXAMPLES, _UNITS = 8, 256
_EPSILON = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float64": 2.0**-52}


def compare(job: OwnNetworkJob, context: Context) -> Comparison:
    """Build the model and its other style, give both the same random weights, and compare what the heads compute.

    Raises `Refused` for a rewriting that the model does not have.
    """
    context.report(Phase(phase="building"))
    examined = examine(job.text)
    own = build(examined.source, seed=0)
    if not examined.rewritings:
        return Comparison(graph=layer_graph(own), parameters=int(own.count_params()))
    rewriting = _rewriting(examined, job.rewriting)
    other = build(rewriting.other, seed=0)
    conversion, names = rewriting.conversion, list(rewriting.names)
    graphs = (conversion.graph, examined.graph) if rewriting.fuses else (examined.graph, conversion.graph)
    one, several = (build(write(graph, with_all_names=True), seed=0) for graph in graphs)
    randomise(one)
    move(one, several, rewriting.conversion)
    examples = min(EXAMPLES, batch_size(examined.multiplications, examined.activations))
    x = inputs_of(one, examined.graph, examples)
    if conversion.path:
        whole, parts = (outputs_of_nested(model, x, examined.graph, conversion.path[0]) for model in (one, several))
    else:
        whole = outputs_of(one, x, names if conversion.same_outputs else [conversion.layer])
        parts = outputs_of(several, x, names)
    finite = np.isfinite(whole).all() and np.isfinite(parts).all()
    largest = float(np.max(np.abs(whole)))
    epsilon = _EPSILON.get(_inside(one, conversion.path).get_layer(conversion.layer).compute_dtype, 2.0**-23)
    return Comparison(
        graph=layer_graph(own),
        other_graph=layer_graph(other),
        parameters=int(own.count_params()),
        other_parameters=int(other.count_params()),
        examples=examples,
        difference=float(np.max(np.abs(whole - parts))) if finite else None,
        largest=largest if finite else None,
        round_off=_UNITS * epsilon * max(1.0, largest) if finite else None,
    )


def time_both(job: OwnTimingJob, context: Context) -> Timed:
    """Time both styles in turns: executing the source, the train function of `fit`, and the predict function.

    Raises `Cancelled` between two readings, and `Refused` for a rewriting that does not exist or if no layer trains.
    """
    examined = examine(job.text)
    rewriting = _rewriting(examined, job.rewriting)
    batch = batch_size(examined.multiplications, examined.activations)
    own, other = rewriting.own, rewriting.other
    sources = {"several": own, "one": other} if rewriting.fuses else {"several": other, "one": own}
    sources["control"] = sources["one"]
    with release_traced_graphs():
        subjects = {name: _Subject(source, examined.graph, batch) for name, source in sources.items()}
        for done, subject in enumerate(subjects.values(), start=1):
            context.raise_if_cancelled()
            subject.train(1)
            context.traced()
            context.report(Progress(share=done / (len(subjects) + 1)))  # tracing takes most of the time
        build_times = rounds("build", {name: builder(source) for name, source in sources.items()}, context)
        train = rounds("train", {name: subject.train for name, subject in subjects.items()}, context)
        infer = rounds("infer", {name: subject.infer for name, subject in subjects.items()}, context)
    several, one, control = (
        Timings(build=build_times[name], train=train[name], infer=infer[name]) for name in sources
    )  # fmt: skip
    return Timed(several=several, one=one, control=control, batch=batch)


class _Subject(Stepper):
    """One style, compiled for `fit` with Adam and "mse" for each output."""

    def __init__(self, source: str, graph: Graph, batch: int) -> None:
        model = build(source, seed=0)
        if not model.trainable_variables:
            raise Refused("All layers of this model are frozen, so there is no train step to time.")
        outputs = model.output if not isinstance(model, keras.Sequential) else model.outputs[0]
        model.compile(optimizer="adam", loss=keras.tree.map_structure(lambda _: "mse", outputs))
        x = inputs_of(model, graph, BATCHES * batch)
        y = keras.tree.map_structure(
            lambda each: np.random.default_rng(1).normal(size=np.shape(each)).astype("float32"),
            model.predict(x, batch_size=batch, verbose=0),
        )
        super().__init__(model)
        self.feed(x, y, batch)


def _rewriting(examined: Examination, position: int) -> Rewriting:
    if position >= len(examined.rewritings):
        raise Refused("This model has no such heads.")
    return examined.rewritings[position]


def randomise(model: keras.Model) -> None:
    """Add random numbers to all weights, so that biases are not 0. These are positive, because variances must be.

    They are divided by the number of inputs of a unit, so that the outputs of many layers do not overflow.
    """
    draws = np.random.default_rng(0)
    model.set_weights(
        [
            weight + 0.1 / np.prod(weight.shape[:-1]) * np.abs(draws.normal(size=weight.shape))
            for weight in model.get_weights()
        ]
    )


def move(one: keras.Model, several: keras.Model, conversion: Conversion) -> None:
    """Copy the weights of `one`, in which one layer has all units, into `several`, which has separate heads.

    Their other layers have the same names. Keras may have them in another order.
    """
    for name in conversion.path:
        _move_others(one, several, name)
        one, several = one.get_layer(name), several.get_layer(name)
    _move_others(one, several, conversion.layer)
    arrays = one.get_layer(conversion.layer).get_weights()
    for name, start, stop in conversion.columns:
        several.get_layer(name).set_weights([array[..., start:stop] for array in arrays])


def _move_others(one: keras.Model, several: keras.Model, besides: str) -> None:
    for layer in one.layers:
        if layer.weights and layer.name != besides:
            several.get_layer(layer.name).set_weights(layer.get_weights())


def _inside(model: keras.Model, path: Sequence[str]) -> keras.Model:
    """The nested model at the end of these names."""
    for name in path:
        model = model.get_layer(name)
    return model


def inputs_of(model: keras.Model, graph: Graph, examples: int) -> Any:
    """Random inputs for the model, in the form in which it takes them.

    Whole numbers are below `ids_below(graph)`, so they are valid ids for each embedding of the model.
    """
    draws = np.random.default_rng(0)
    most = ids_below(graph)

    def array(tensor: Any) -> np.ndarray:
        shape = (examples, *usual_shape(tuple(tensor.shape[1:])))
        kind = keras.backend.standardize_dtype(tensor.dtype)
        if kind.startswith(("int", "uint", "bool")) or most < MOST_IDS:
            return draws.integers(0, 2 if kind == "bool" else most, shape).astype(kind)
        return np.asarray(draws.normal(size=shape), "float64" if kind == "float64" else "float32")

    return keras.tree.map_structure(array, _inputs(model))


def outputs_of(model: keras.Model, x: Any, layers: list[str]) -> np.ndarray:
    """The outputs of the layers with these names, side by side on the last axis, in float64."""
    heads = keras.Model(_inputs(model), [model.get_layer(name).output for name in layers])
    outputs = keras.tree.flatten(heads(x, training=False))
    return np.concatenate([np.asarray(keras.ops.cast(each, "float64")) for each in outputs], axis=-1)


def outputs_of_nested(model: keras.Model, x: Any, graph: Graph, name: str) -> np.ndarray:
    """The outputs of the model that its nested model of this name computes, as one vector in float64."""
    keys = graph.output_form.keys
    order = sorted(range(len(graph.outputs)), key=lambda i: keys[i]) if keys else range(len(graph.outputs))
    outputs = zip(order, keras.tree.flatten(model(x, training=False)), strict=True)
    chosen = [each for i, each in outputs if graph.layer_of(graph.outputs[i]).name == name]
    return np.concatenate([np.asarray(keras.ops.cast(each, "float64")).ravel() for each in chosen])


def _inputs(model: keras.Model) -> Any:
    """The inputs of the model, in the form in which it takes them."""
    return model.inputs[0] if isinstance(model, keras.Sequential) else model.input
