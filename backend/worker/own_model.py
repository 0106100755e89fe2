"""The jobs on a visitor's own model: find its heads, compare both styles with the same weights, and time them.

Keras builds what `allowed.rebuilt` has made, in a process of its own (`apart`), and the library `two_heads` does the
rest: it finds the heads, rewrites them and writes the source. Measured is the source that the visitor sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from math import prod
from typing import Any

import keras
import numpy as np

from backend.jobs.messages import Phase, Progress
from backend.jobs.runtime import Context, JobRefused
from backend.own_model import allowed, refusal
from backend.own_model.found import Found, Group, Rewriting
from backend.own_model.job import (
    BATCHES,
    MOST_IDS,
    USUAL_LENGTH,
    CompareOwnJob,
    Comparison,
    FindHeadsJob,
    OwnTimingJob,
    Timed,
    Timings,
    batch_size,
)
from backend.worker.apart import Limits, run
from backend.worker.build import build
from backend.worker.describe import layer_graph
from backend.worker.keras_internals import fresh_names_and_seeds, without_weights
from backend.worker.own_settings import NotExpressible, as_settings
from backend.worker.stopwatch import Stepper, builder, rounds
from two_heads import compare as library
from two_heads import find_heads, fuse_heads, split_heads
from two_heads.change import Change
from two_heads.columns import is_kind
from two_heads.fuse import Fusing
from two_heads.graph import Call, Graph, all_layers, input_structure, is_nested, structure_of
from two_heads.heads import Head, Heads
from two_heads.model_source import source
from two_heads.outputs import is_flat, with_outputs
from two_heads.split import Splitting

#: No more styles are written once they have so many layers together. Keras needs milliseconds for each layer.
MOST_LAYERS = 1_000
_FINDING, _MEASURING = Limits(seconds=10, megabytes=300), Limits(seconds=120, megabytes=2_000)
_SAME = "They have the same activation, bias, dtype and other settings that a layer has only once."
_SPLITS = "It can also be several layers."
_LEFT_OUT = (
    "The app does not write them: all other styles together would have more than "
    f"{MOST_LAYERS:,} layers, or two layers would have the same name."
)
_CUT = "They can be one layer whose columns are cut apart, each followed by its own activation."


def find(job: FindHeadsJob, context: Context) -> Found | str:
    """What the library finds in the model, or the sentence that says why the app does not read it."""
    context.report(Phase(phase="building"))
    try:
        return Found.model_validate_json(run("backend.worker.own_model:found_in", job.text, _FINDING, context))
    except JobRefused as refused:
        return str(refused)


def compare(job: CompareOwnJob, context: Context) -> Comparison:
    """Build both styles from their sources, give them the same random weights, and compare what they compute."""
    context.report(Phase(phase="building"))
    text = run("backend.worker.own_model:compared", job.model_dump_json(), _MEASURING, context)
    return Comparison.model_validate_json(text)


def time_both(job: OwnTimingJob, context: Context) -> Timed:
    """Time both styles in turns: executing the source, the train function of `fit`, and the predict function.

    Raises `Cancelled`, and `JobRefused` if no layer trains.
    """
    text = run("backend.worker.own_model:timed", job.model_dump_json(), _MEASURING, context)
    return Timed.model_validate_json(text)


def found_in(text: str, context: Context) -> str:
    """`Found` as JSON, of the model with this configuration. Raises `JobRefused` if the app does not read it."""
    try:
        with fresh_names_and_seeds(0), without_weights():
            return _found(keras.models.model_from_json(allowed.rebuilt(text))).model_dump_json()
    except refusal.ModelRefused as refused:
        raise JobRefused(str(refused)) from None
    except Exception as error:  # whatever a stranger's values cause
        raise JobRefused(str(refusal.ModelRefused(f"The app cannot read this model: {_reason(error)}."))) from None


def _reason(error: Exception) -> str:
    """What Keras says, short enough for a page: the last line if the first ones only say where."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    text = lines[-1] if lines[0].startswith(("Error when deserializing", "<class")) else lines[0]
    return "".join(each for each in text[:300] if each.isprintable()).rstrip(".")


def _found(model: keras.Model) -> Found:
    graph = Graph(model)
    calls = dict(_calls(graph))
    try:
        settings, left, why_not = *as_settings(model), ""
    except NotExpressible as reason:
        settings, left, why_not = None, "", str(reason)
    layers = [call.layer for call in calls.values()]
    ids = [layer.input_dim for layer in layers if isinstance(layer, keras.layers.Embedding)]
    splittable = _splittable(model)
    written = tuple(_rewritings(model, calls, splittable))
    return Found(
        name=model.name,
        source=source(model),
        graph=layer_graph(model),
        parameters=int(model.count_params()),
        activations=sum(_size(tensor) for call in calls.values() for tensor in call.outputs),
        ids=min([MOST_IDS, *ids]),
        outputs=len(graph.model.outputs),
        groups=tuple(_groups(model, calls, written, {head.layer.name for head in splittable})),
        rewritings=written,
        settings=settings,
        left=left,
        why_no_settings=why_not,
    )


def _calls(graph: Graph, begin: str = "") -> Iterator[tuple[str, Call]]:
    """The first call of each layer, by the layer's name as `find_heads` writes it, also in nested models."""
    for layer in graph.layers():
        yield begin + layer.name, graph.calls_of(layer)[0]
        if is_nested(layer):
            yield from _calls(Graph(layer), f"{begin}{layer.name}/")


def _size(tensor: Any) -> int:
    """The numbers of a tensor for one example."""
    return prod(each or USUAL_LENGTH for each in tensor.shape[1:])


def _groups(
    model: keras.Model, calls: Mapping[str, Call], written: Sequence[Rewriting], several: Set[str]
) -> Iterator[Group]:
    """The rows of the page's table: which heads can be one layer, and why the others cannot."""
    kept, one = ({heads.layers: heads for heads in find_heads(model, keeps)} for keeps in (True, False))
    reasons = {name: heads.reason or "" for heads in one.values() for name in heads.layers}
    covered: set[str] = set()
    for names, heads in (one | kept).items():
        if names in one and one[names].fusible:
            both = any(other.fusible and set(names) <= set(other.layers) for other in kept.values())
            answer, why = "✓ yes" if both else "✓ as one output", _SAME
        elif heads.fusible:
            of_members = [reasons[name] for name in names]
            said = next((each for each in of_members if not each.startswith("No other")), of_members[0])
            answer, why = "✓ if cut apart", f"Not as one output: {said} {_CUT}"
        else:
            continue
        covered |= set(names)
        yield _group(heads, calls, answer, why)
    split = {each.group.layers[0] for each in written if not each.fuses}
    for names, heads in kept.items():
        if not covered & set(names):
            splits = _SPLITS if names[0] in split else f"{_SPLITS} {_LEFT_OUT}"
            answer, why = ("one layer now", splits) if names[0] in several else ("✗ no", heads.reason or "")
            yield _group(heads, calls, answer, why)


def _group(heads: Heads, calls: Mapping[str, Call], answer: str, why: str) -> Group:
    call = calls[heads.layers[0]]
    plain = is_kind(call.layer)
    return Group(
        layers=heads.layers,
        units=heads.units,
        kind=type(call.layer).__name__ if plain else "",
        window=tuple(call.layer.kernel.shape[:-2]) if plain else (),
        channels=int(call.layer.kernel.shape[-2]) if plain else 0,
        positions=len(call.outputs[0].shape) > 2,
        reads=heads.reads,
        answer=answer,
        why=why,
    )


def _splittable(model: keras.Model) -> list[Head]:
    """The heads that can become several of one unit."""
    splitting = Splitting(Graph(model), model)
    return [
        head
        for name, (_, head) in splitting.heads.items()
        if is_flat(model)
        and "/" not in name
        and not head.columns_of
        and head.units() > 1
        and splitting.obstacle(name) is None
    ]


def _rewritings(model: keras.Model, calls: Mapping[str, Call], splittable: Sequence[Head]) -> Iterator[Rewriting]:
    """Each group of heads in the other style, those that can become one output first.

    Heads that cannot become one output, but one layer whose columns are cut into the outputs, follow. Then come the
    single heads that can become several, unless these are too many (`MOST_LAYERS`). No value of a weight is read, made
    or compared, so models may have any size.
    """
    found: set[tuple[str, ...]] = set()
    size, left = len(all_layers(model)), MOST_LAYERS
    for keeps in (False, True) if is_flat(model) else (True,):
        for heads in find_heads(model, keeps):
            if heads.fusible and heads.layers not in found and left > 0:
                found.add(heads.layers)
                left -= size
                fusing = Fusing(Graph(model), model, keeps, heads.layers)
                yield _rewriting(fusing, heads.layers, heads.units, calls, keeps)
    for head in splittable:
        name, units = head.layer.name, head.units()
        if units < left:
            left -= size + units
            splitting = Splitting(Graph(model), model)
            with suppress(ValueError):  # a layer has the name of a part
                splitting.add([(name, None, None)])
                yield _rewriting(splitting, (name,), (units,), calls)


def _rewriting(
    change: Change, heads: tuple[str, ...], units: tuple[int, ...], calls: Mapping[str, Call], keeps: bool = False
) -> Rewriting:
    new, plan, fuses = with_outputs(change.converted(), change.places), change.plan(), len(heads) > 1
    made = tuple(layer.name for layer, *_ in change.made)
    return Rewriting(
        group=_group(Heads(heads, units, "", None), calls, "", ""),
        fuses=fuses,
        keeps_outputs=keeps,
        whole=made[0] if fuses else heads[0],
        parts=tuple(name.rpartition("/")[2] for name in heads) if fuses else made,
        units=units if fuses else (1,) * len(made),
        parameters=int(new.count_params()),
        other=source(new),
        loss_weights=plan.weights,
        why=plan.why,
    )


def compared(payload: str, context: Context) -> str:
    """`Comparison` as JSON, of the styles in a `CompareOwnJob`."""
    job = CompareOwnJob.model_validate_json(payload)
    own, other = build(job.own, seed=0), build(job.other, seed=0)
    randomise(own)
    rewriting, head = job.rewriting, job.rewriting.group.layers[0]
    try:
        if rewriting.fuses:
            done = fuse_heads(own, keep_outputs=rewriting.keeps_outputs, heads=rewriting.group.layers)
        else:
            done = split_heads(own, units={head: rewriting.units}, names={head: rewriting.parts})
        other.set_weights(done.model.get_weights())
        difference = max(done.max_difference, library.compare(Graph(done.model), done.model, other, fan_in=1))
    except ValueError as error:
        raise JobRefused(str(error)) from None
    outputs = keras.tree.flatten(other(inputs_of(own, 1, job.ids), training=False))
    finite = all(np.isfinite(keras.ops.convert_to_numpy(each)).all() for each in outputs)
    return Comparison(difference=difference if finite else None).model_dump_json()


def timed(payload: str, context: Context) -> str:
    """`Timed` as JSON, of the styles in an `OwnTimingJob`."""
    job = OwnTimingJob.model_validate_json(payload)
    batch = batch_size(job.activations)
    sources = {"several": job.own, "one": job.other} if job.rewriting.fuses else {"several": job.other, "one": job.own}
    sources["control"] = sources["one"]
    subjects = {name: _Subject(text, batch, job.ids) for name, text in sources.items()}
    for done, subject in enumerate(subjects.values(), start=1):
        subject.train(1)
        context.report(Progress(share=done / (len(subjects) + 1)))  # tracing takes most of the time
    build_times = rounds("build", {name: builder(text) for name, text in sources.items()}, context)
    train = rounds("train", {name: subject.train for name, subject in subjects.items()}, context)
    infer = rounds("infer", {name: subject.infer for name, subject in subjects.items()}, context)
    times = {name: Timings(build=build_times[name], train=train[name], infer=infer[name]) for name in sources}
    return Timed(**times, batch=batch).model_dump_json()


class _Subject(Stepper):
    """One style, compiled for `fit` with Adam and "mse" for each output."""

    def __init__(self, text: str, batch: int, ids: int) -> None:
        model = build(text, seed=0)
        if not model.trainable_variables:
            raise JobRefused("All layers of this model are frozen, so there is no train step to time.")
        model.compile(optimizer="adam", loss=keras.tree.map_structure(lambda _: "mse", structure_of(model)))
        x = inputs_of(model, BATCHES * batch, ids)
        y = keras.tree.map_structure(
            lambda each: np.random.default_rng(1).normal(size=np.shape(each)).astype("float32"),
            model.predict(x, batch_size=batch, verbose=0),
        )
        super().__init__(model)
        self.feed(x, y, batch)


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


def inputs_of(model: keras.Model, examples: int, ids: int) -> Any:
    """Random inputs for the model, in the form in which it takes them. Whole numbers are below `ids`."""
    return library.random_inputs(input_structure(model), examples, USUAL_LENGTH, ids, whole=ids < MOST_IDS)
