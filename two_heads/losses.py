"""The losses and loss weights of a model in which several outputs become one, or one becomes several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeAlias

import keras

from two_heads.columns import serialized
from two_heads.graph import Model, compile_arguments
from two_heads.outputs import Places, is_flat, output_names, packed

#: Losses of Keras that are a mean over the last axis, by their names in lower case without underscores.
_MEANS = frozenset(
    """
    meansquarederror meanabsoluteerror meanabsolutepercentageerror meansquaredlogarithmicerror
    huber logcosh poisson hinge squaredhinge binarycrossentropy binaryfocalcrossentropy
    """.split()  # noqa: SIM905
)
#: Weights of the losses in the structure of the outputs, as `compile` takes them.
LossWeights: TypeAlias = float | list[float] | dict[str, float]
#: A head by its name, its position among the outputs, and its units.
Member: TypeAlias = tuple[str, int, int]
_METRICS = ("metrics", "weighted_metrics")
_WORDS = ("loss", "loss_weights", *_METRICS)


@dataclass(frozen=True)
class LossPlan:
    """The loss weights of a converted model, a sentence that explains them, and the changed arguments of `compile`."""

    weights: LossWeights | None
    why: str
    changed: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def losses_of(model: Model) -> list[Any]:
    """The loss of each output, as it was passed to `compile`; None for one without."""
    return [each["loss"] for each in _compiled(model)]


def kept_losses(model: Model) -> LossPlan:
    """The plan if all outputs are kept."""
    weights = packed(model, {}, _compiled(model), itemgetter("loss_weights")) if is_flat(model) else None
    return LossPlan(weights, "The outputs keep their names, losses and weights.")


def fused_losses(graph: Model, model: Model, groups: Sequence[Sequence[Member]], places: Places) -> LossPlan:
    """The plan if the members of each group become one output. `graph` has the outputs, `model` the losses.

    If a loss is a mean over the units, that of one output is the mean of the heads' losses, weighted by their units.
    """
    given = _compiled(model)
    new_at: Places = {position: [] for position in places}
    notes, sums = [], []
    for members in groups:
        first = members[0][1]
        # `why_no_single_loss` has compared the weights of a compiled model.
        if not model.compiled and len({units for _, _, units in members}) > 1:
            return LossPlan(None, "The heads have different numbers of units: no weight of one loss equals the totals.")
        new = dict(given[first])
        for word in _METRICS:
            if any(_plain(given[position][word]) != _plain(new[word]) for _, position, _ in members):
                new[word] = None
                notes.append(f"The heads have different {word.replace('_', ' ')}, so their one output has none.")
        weight = sum(given[position]["loss_weights"] for _, position, _ in members)
        new_at[first] = [(name, new | {"loss_weights": weight}) for name, _ in places[first]]
        sums.append(f"{weight:g} for {len(members)} heads")
    why = (
        "Keras adds the losses of several outputs, but takes the mean over the columns of one: its weight is the sum "
        f"of those of the heads, {' and '.join(sums)}."
    )
    return _plan(graph, model, new_at, why, notes)


def parted_losses(graph: Model, model: Model, members: Mapping[int, Sequence[tuple[str, int]]]) -> LossPlan:
    """The plan if outputs become several: `members` are the new names and units, by the position of the old output."""
    given = _compiled(model)
    new_at: Places = {}
    for position, parts in members.items():
        new = given[position]
        share = new["loss_weights"] / sum(units for _, units in parts)
        new_at[position] = [(name, new | {"loss_weights": share * units}) for name, units in parts]
    why = (
        "Keras takes the mean over the columns of one output, but adds the losses of several: the old weight is shared "
        "among them in proportion to their units."
    )
    return _plan(graph, model, new_at, why, [])


def why_not_parted(model: Model, position: int, name: str) -> str | None:
    """Why the loss of an output cannot become one loss for each part; None if it can, or without a loss."""
    loss = losses_of(model)[position]
    if loss is None or is_mean_of_columns(loss):
        return None
    return f"The loss of '{name}' is not known to be a mean over its units, so it is no sum of losses of parts."


def why_no_single_loss(model: Model, members: Sequence[Member]) -> str | None:
    """Why one loss on all columns cannot equal the total of the heads' losses; None if it can, or without a loss."""
    if not model.compiled:
        return None
    losses, weights = ([each[word] for each in _compiled(model)] for word in ("loss", "loss_weights"))
    (first, at, width), *others = members
    for name, position, _ in others:
        if serialized(losses[position]) != serialized(losses[at]):
            return f"'{first}' and '{name}' differ in their losses."
    if losses[at] is not None and not is_mean_of_columns(losses[at]):
        return f"The loss of '{first}' is not known to be a mean over the units, which one loss would take."
    for name, position, units in others:
        if abs(weights[position] * width - weights[at] * units) > 1e-9 * abs(weights[at] * units):
            return (
                f"A unit of '{first}' counts {weights[at] / width:.3g} in the total loss and one of '{name}' "
                f"{weights[position] / units:.3g}. One output counts all alike."
            )
    return None


def is_mean_of_columns(loss: Any) -> bool:
    """Whether a loss of Keras is a mean over the last axis, so that it is the mean of the losses of the columns."""
    loss = keras.losses.get(loss) if isinstance(loss, str) else loss
    kind = type(loss) if isinstance(loss, keras.losses.Loss) else loss
    name = getattr(kind, "__name__", "").lower().replace("_", "")
    ours = getattr(kind, "__module__", "").startswith("keras.")
    return ours and name in _MEANS and getattr(loss, "axis", -1) in (-1, None)


def _plan(graph: Model, model: Model, new_at: Places, why: str, notes: Sequence[str]) -> LossPlan:
    """The plan with what `compile` gets for each new output, by the words of its arguments."""
    changed, given = {}, _compiled(model)
    for word in _WORDS:
        some = any(each[word] is not None for each in given)
        value = packed(graph, new_at, given, itemgetter(word)) if some else None
        changed[word] = [value] if word in _METRICS and not isinstance(value, list | dict | None) else value
    return LossPlan(changed["loss_weights"], why, changed if model.compiled else {}, tuple(notes))


def _compiled(model: Model) -> list[dict[str, Any]]:
    """What each output was compiled with, by the words of `compile`: a loss weight of 1 if it got none, else None."""
    names = output_names(model)
    arguments = compile_arguments(model) if model.compiled else dict.fromkeys(_WORDS)
    given = {word: _by_position(arguments[word], names, everywhere=word == "loss") for word in _WORDS}
    given["loss_weights"] = [1.0 if each is None else float(each) for each in given["loss_weights"]]
    return [dict(zip(_WORDS, values, strict=True)) for values in zip(*given.values(), strict=True)]


def _by_position(value: Any, names: Sequence[str], everywhere: bool) -> list[Any]:
    """What was passed for each output: a dictionary by names, a list, or, with `everywhere`, one for all."""
    if isinstance(value, dict):
        return [value.get(name) for name in names]
    if isinstance(value, list | tuple):
        flat = list(value)
        if len(names) == 1:
            return flat if everywhere and len(flat) == 1 else [flat]
        return flat if len(flat) == len(names) else [None] * len(names)
    return [value if everywhere or len(names) == 1 else None] * len(names)


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else serialized(value)
