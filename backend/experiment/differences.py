"""What two experiments differ in, in words: "batch 32, Adam 0.003"."""

from __future__ import annotations

from collections.abc import Iterable

from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences
from backend.experiment.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.sides import side_keys, side_titles
from backend.experiment.sources import OwnData
from backend.experiment.styles import STYLES
from backend.experiment.training import Training, Weighted
from backend.words import minus, short, shortened
from two_heads.weightings import METHODS

_COMBINED: dict[Weighted, str] = {
    "sum": "the sum of the losses",
    "mean": "the mean of the losses",
    "own": "own loss weights",
}
_SHOWN = 4


def differences(experiment: Experiment, other: Experiment) -> list[str]:
    """The settings of `experiment` that differ from those of `other`, one short phrase each.

    The list is empty if and only if both have the same result, that is, the same `key()`. Labels are not compared,
    and loss weights only if they are in use.
    """
    mine, others = experiment.other, other.other
    if mine is None and others is None:
        return [*_styles(experiment, other), *_settings(experiment, other)]
    if others is None or mine is None:
        kind = "two styles" if mine is None else " beside ".join(side_titles(*side_keys(experiment)))
        style = [f"{STYLES[experiment.right].title} on the right"] if experiment.right != other.right else []
        return [kind, *style, *_settings(experiment, other)]
    left, theirs = experiment.sides()[0].experiment, other.sides()[0].experiment
    words = [f"{STYLES[left.right].title} on both sides"] if left.right != theirs.right else []
    words += _settings(left, theirs)
    if mine.key() == others.key():
        return words
    return [*words, f"{side_titles(*side_keys(experiment))[1]} on the right"]


def _settings(experiment: Experiment, other: Experiment) -> list[str]:
    source = experiment.architecture.source
    return [
        *([source.title] if source.key != other.architecture.source.key else []),
        *_own(experiment.architecture.own, other.architecture.own),
        *_architecture(experiment.architecture, other.architecture),
        *_sequences(experiment.sequences, other.sequences),
        *_training(experiment.training, other.training),
    ]


def _styles(mine: Experiment, other: Experiment) -> Iterable[str]:
    if mine.left != other.left:
        yield f"{STYLES[mine.left].title} on the left"
    if mine.right != other.right:
        yield f"{STYLES[mine.right].title} on the right"


def _own(mine: OwnData | None, other: OwnData | None) -> Iterable[str]:
    """How two choices of tables differ; nothing if one has no table, because then the sources differ."""
    if mine is None or other is None:
        return
    if mine.table != other.table:
        yield "another CSV"
    elif mine.columns != other.columns:
        yield "other columns as features"
    if mine.horizon != other.horizon:
        yield f"horizon {mine.horizon}"


def _architecture(mine: Architecture, other: Architecture) -> Iterable[str]:
    if (mine.timesteps, mine.features) != (other.timesteps, other.features):
        yield f"input {mine.timesteps} × {mine.features}"
    if mine.lstm != other.lstm:
        yield f"LSTM({', '.join(map(str, mine.lstm))})"
    if mine.dense != other.dense:
        layers = [f"{d.units}{'' if d.activation == 'linear' else f' {d.activation}'}" for d in mine.dense]
        yield f"Dense({', '.join(layers)})" if layers else "no Dense layer"
    yield from _heads(mine.heads, other.heads)


def _heads(mine: tuple[Head, ...], other: tuple[Head, ...]) -> Iterable[str]:
    if len(mine) != len(other):
        yield f"{len(mine)} head{'s' if len(mine) > 1 else ''} ({shortened((head.name for head in mine), _SHOWN)})"
        return
    changed = [words for one, two in zip(mine, other, strict=True) if (words := _head(one, two))]
    yield from changed if len(changed) <= 2 else [f"other settings of {len(changed)} heads"]


def _head(mine: Head, other: Head) -> str:
    """What `mine` has that `other` has not, after its name; empty if only the labels differ."""
    parts = []
    if mine.task != other.task:
        parts.append(f"task {mine.task}")
    if mine.units != other.units:
        parts.append(f"{mine.units} unit{'s' if mine.units > 1 else ''}")
    if mine.hidden != other.hidden:
        parts.append(f"hidden layers {', '.join(map(str, mine.hidden))}" if mine.hidden else "no hidden layers")
    if mine.activation != other.activation:
        parts.append(mine.activation)
    if mine.loss != other.loss:
        parts.append(mine.loss)
    if parts:
        return f"head {mine.name} with {', '.join(parts)}"
    return f"head {mine.name}" if mine.name != other.name else ""


def _sequences(mine: Sequences, other: Sequences) -> Iterable[str]:
    if mine.samples != other.samples:
        yield f"{mine.samples:,} sequences"
    if mine.seed != other.seed:
        yield f"data seed {mine.seed}"
    if mine.relatedness != other.relatedness:
        yield f"relatedness {minus(f'{mine.relatedness:g}')}"
    if mine.noise != other.noise:
        yield f"noise {_numbers(mine.noise)}"
    if mine.scale != other.scale:
        yield f"scale {_numbers(mine.scale)}"


def _training(mine: Training, other: Training) -> Iterable[str]:
    if mine.batch != other.batch:
        yield f"batch {mine.batch}"
    if (mine.optimizer, mine.learning_rate) != (other.optimizer, other.learning_rate):
        yield f"{OPTIMIZERS[mine.optimizer].title} {short(mine.learning_rate, 3)}"
    if mine.epochs != other.epochs:
        yield f"{mine.epochs} epoch{'s' if mine.epochs > 1 else ''}"
    if mine.validation != other.validation:
        yield f"validation share {mine.validation:g}"
    if mine.combine != other.combine:
        weights = f" {_numbers(mine.weights)}" if mine.combine == "own" and mine.weights else ""
        method = METHODS.get(mine.combine)
        yield method.title if method else f"{_COMBINED[mine.weighted]}{weights}"
    elif mine.combine == "own" and mine.weights != other.weights:
        yield f"loss weights {_numbers(mine.weights)}"
    if mine.same_start != other.same_start:
        yield "the same initial weights" if mine.same_start else "different initial weights"
    if mine.seed != other.seed:
        yield f"seed {mine.seed}"
    if mine.seeds != other.seeds:
        yield f"{mine.seeds} seed{'s' if mine.seeds > 1 else ''}"


def _numbers(values: tuple[float, ...]) -> str:
    return f"({shortened((f'{value:g}' for value in values), _SHOWN)})" if values else "as usual"
