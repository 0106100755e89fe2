"""The tasks: what a head can predict about a sequence. A new task is one entry of `TASKS`, and a function.

Exported scripts contain the source of these functions and of those that they call, so they use only NumPy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from backend.experiment.activations import OUTPUT
from backend.experiment.losses import Array, Kind, losses_of
from backend.experiment.own_table import MOST_CLASSES, MOST_COLUMNS
from backend.experiment.sources import OWN, SYNTHETIC, WEATHER, Source
from backend.experiment.windows import class_target, number_target, yes_target

Factors: TypeAlias = dict[str, Array]
Random: TypeAlias = np.random.Generator

#: The activations and losses that a head can have, by the kind of its task. The first is the default.
OUTPUTS = {kind: (activations, losses_of(kind)) for kind, activations in OUTPUT.items()}


@dataclass(frozen=True)
class Mark:
    """Something to draw that shows where a task's value comes from, on feature number `feature` (from 0) of a sequence.

    `points` are (timestep, value), timesteps from 1. A "line" goes through them, a "ring" is around each, a "dot" on
    each, and a "span" is the time between two of them. A "word" has no points: only its `name` is shown.
    """

    kind: Literal["line", "ring", "dot", "span", "word"]
    name: str
    feature: int = 0
    points: tuple[tuple[float, float], ...] = ()


Marks = Callable[[Array, dict[str, Array], int], list[Mark]]
Guess = Callable[[dict[str, Array]], Array]


def no_marks(sequence: Array, factors: dict[str, Array], units: int) -> list[Mark]:
    """No marks: for a task whose value has no place in the sequence where it could be drawn."""
    return []


@dataclass(frozen=True)
class Task:
    """One thing to predict about a sequence.

    `target(x, factors, units, rng, relatedness)` computes the targets (n, units): numbers, 0 or 1 for each unit, or
    one-hot rows, depending on `kind`. `x` is (n, timesteps, features); `factors` are those of the `Dataset`, each of
    length n. If the task is about a `column` of a recording, it is `target(factors, column, units)`.
    `units` is the inclusive range of units that a head can have. A head needs at least `min_timesteps`, and with
    `features_per_unit` a feature for each unit.

    `marks(sequence, factors, units)` shows the result of `target` for one sequence (timesteps, features) with these
    `factors`.

    `guess(factors)` predicts the targets (n, units) without a network, before their scale: a baseline. None if there is
    no better guess than the same numbers for every sequence. `source` is where the sequences come from.
    """

    name: str
    title: str
    description: str
    kind: Kind
    target: Callable[..., Array]
    units: tuple[int, int] = (1, 16)
    min_timesteps: int = 1
    features_per_unit: bool = True
    marks: Marks = no_marks
    guess: Guess | None = None
    source: Source = SYNTHETIC
    column: int = -1

    def smallest_input(self, units: int) -> tuple[int, int]:
        """The smallest (timesteps, features) on which a head with so many units can learn this task."""
        return self.min_timesteps, units if self.features_per_unit else 1


def level_target(x: Array, factors: Factors, units: int, rng: Random, relatedness: float) -> Array:
    """Mean over time of the first `units` features: (n, units)."""
    return np.asarray(x[:, :, :units].mean(axis=1), np.float32)


def _lines(name: str, sequence: Array, slopes: Array) -> list[Mark]:
    """A line of each of these slopes through the mean of a feature, in the middle of the sequence."""
    middle = (len(sequence) + 1) / 2
    lines = zip(sequence.mean(axis=0).tolist(), slopes.tolist(), strict=False)
    return [
        Mark("line", name, j, tuple((end, mean + slope * (end - middle)) for end in (1, len(sequence))))
        for j, (mean, slope) in enumerate(lines)
    ]


def _level_marks(sequence: Array, factors: Factors, units: int) -> list[Mark]:
    """A line at the mean of each of the first `units` features."""
    return _lines("mean", sequence, np.zeros(units))


def last_target(x: Array, factors: Factors, units: int, rng: Random, relatedness: float) -> Array:
    """Last value in time of the first `units` features: (n, units)."""
    return np.asarray(x[:, -1, :units], np.float32)


def _last_marks(sequence: Array, factors: Factors, units: int) -> list[Mark]:
    """A dot on the last value of each of the first `units` features."""
    return [
        Mark("dot", "last value", j, ((len(sequence), float(value)),)) for j, value in enumerate(sequence[-1, :units])
    ]


def trend_target(x: Array, factors: Factors, units: int, rng: Random, relatedness: float) -> Array:
    """Least-squares slope per timestep of the first `units` features: (n, units)."""
    time = np.arange(x.shape[1]) - (x.shape[1] - 1) / 2
    rise = (x[:, :, :units] * time[None, :, None]).sum(axis=1)
    return np.asarray(rise / (time**2).sum(), np.float32)


def _trend_marks(sequence: Array, factors: Factors, units: int) -> list[Mark]:
    """The least-squares line of each of the first `units` features."""
    return _lines("slope", sequence, trend_target(sequence[None], factors, units, np.random.default_rng(), 0.0)[0])


def frequency_target(x: Array, factors: Factors, units: int, rng: Random, relatedness: float) -> Array:
    """Cycles per sequence of the first `units` features: (n, units)."""
    return np.asarray(factors["frequency"][:, :units], np.float32)


def _frequency_marks(sequence: Array, factors: Factors, units: int) -> list[Mark]:
    """How long one cycle of each of the first `units` features takes, above its highest value."""
    lengths = (len(sequence) / float(cycles) for cycles in factors["frequency"][:units])
    tops = (float(feature.max()) + 0.4 for feature in sequence.T)
    return [
        Mark("span", "one cycle", j, ((0.5, top), (0.5 + length, top)))
        for j, (length, top) in enumerate(zip(lengths, tops, strict=False))
    ]


def spike_target(x: Array, factors: Factors, units: int, rng: Random, relatedness: float) -> Array:
    """1 where the first `units` features contain a spike, else 0: (n, units)."""
    return np.asarray(factors["spike"][:, :units], np.float32)


def _spike_marks(sequence: Array, factors: Factors, units: int) -> list[Mark]:
    """A ring around the spike of each of the first `units` features that has one."""
    spikes = [(j, int(factors["spike_at"][j])) for j in range(units) if factors["spike"][j]]
    return [Mark("ring", "spike", j, ((at + 1, float(sequence[at, j])),)) for j, at in spikes]


def waveform_target(x: Array, factors: Factors, units: int, rng: Random, relatedness: float) -> Array:
    """One-hot class of the wave, one of `units`: (n, units).

    The five waves are sine, triangle, sawtooth, square, pulse; with fewer classes, similar waves share a class.
    """
    classes = {2: (0, 0, 1, 1, 1), 3: (0, 0, 1, 1, 2), 4: (0, 0, 1, 2, 3), 5: (0, 1, 2, 3, 4)}[units]
    return np.asarray(np.eye(units)[np.array(classes)[factors["waveform"]]], np.float32)


def _waveform_marks(sequence: Array, factors: Factors, units: int) -> list[Mark]:
    """The name of the wave, whatever number its class has."""
    return [Mark("word", ("sine", "triangle", "sawtooth", "square", "pulse")[int(factors["waveform"])])]


def related_b_target(x: Array, factors: Factors, units: int, rng: Random, relatedness: float) -> Array:
    """wᵀx + Σⱼ sin(αⱼwᵀx + βⱼ) of the flattened sequence x, with w = ρu₁ + √(1 − ρ²)u₂: (n, units).

    Each unit has its own orthonormal u₁ and u₂. The values of a sequence are correlated, so u₂ is also chosen such
    that u₁ᵀx and u₂ᵀx are uncorrelated. For the paper's independent values, orthonormal vectors are enough. Source: Ma
    et al. 2018, "Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts", §3.2.
    """
    flat = x.reshape(len(x), -1).astype(np.float64)
    flat -= flat.mean(axis=0)
    first, second = np.moveaxis(rng.normal(size=(units, 2, flat.shape[1])), 1, 0)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    # einsum and not @, because its sums do not depend on the number of threads
    projection = np.einsum("nd,ud->nu", flat, first)
    shared = np.einsum("nd,nu->ud", flat, projection)
    shared -= (shared * first).sum(axis=1, keepdims=True) * first
    shared /= np.linalg.norm(shared, axis=1, keepdims=True)
    second -= (second * first).sum(axis=1, keepdims=True) * first
    second -= (second * shared).sum(axis=1, keepdims=True) * shared
    second /= np.linalg.norm(second, axis=1, keepdims=True)
    weights = relatedness * first + np.sqrt(1 - relatedness**2) * second
    z = np.einsum("nd,ud->nu", flat, weights)
    return np.asarray(z + sum(np.sin(a * z + b) for a, b in ((0.25, 0.0), (0.5, 0.5), (1.0, 1.0))), np.float32)


def related_a_target(x: Array, factors: Factors, units: int, rng: Random, relatedness: float) -> Array:
    """The second task's formula with w = u₁, its weights at relatedness 1: (n, units)."""
    return related_b_target(x, factors, units, rng, 1.0)


def _as_now(column: int, factors: Factors) -> Array:
    """The number in the last row of the window, as a prediction: (n, 1)."""
    return factors["now"][:, column : column + 1]


def _dot(column: int, sequence: Array, factors: Factors, units: int) -> list[Mark]:
    """A dot on the predicted row. The `factors` of the sequence say on which feature, and how many rows ahead."""
    feature = int(factors["feature"][column])
    at = len(sequence) + int(factors["ahead"]), float(factors["then"][column])
    return [Mark("dot", "the predicted row", feature, (at,))] if feature >= 0 else []  # else the column is not drawn


def _word(column: int, sequence: Array, factors: Factors, units: int) -> list[Mark]:
    """What the class stands for."""
    return [Mark("word", str(factors["label"][column]))]


def _of_column(
    source: Source,
    column: int,
    kind: Kind,
    name: str,
    title: str,
    description: str = "",
    units: tuple[int, int] = (1, 1),
) -> Task:
    """The task to predict what a column of a recording has in the row that comes `horizon` rows after the window."""
    target = {"regression": number_target, "binary": yes_target, "multiclass": class_target}[kind]
    marks: dict[Kind, Marks] = {
        "regression": partial(_dot, column),
        "binary": no_marks,
        "multiclass": partial(_word, column),
    }
    guess = partial(_as_now, column) if kind == "regression" else None
    return Task(
        name, title, description, kind, target, units, features_per_unit=False, marks=marks[kind], guess=guess,
        source=source, column=column,
    )  # fmt: skip


#: Every task by its name, in the order of the page's menu.
TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            "level",
            "Level",
            "The average of a feature over the whole sequence.",
            "regression",
            level_target,
            marks=_level_marks,
        ),
        Task(
            "last",
            "Last value",
            "The value at the last timestep, which an LSTM has just seen.",
            "regression",
            last_target,
            marks=_last_marks,
        ),
        Task(
            "trend",
            "Trend",
            "The slope of the straight line that fits the sequence best: up, down or flat.",
            "regression",
            trend_target,
            min_timesteps=2,
            marks=_trend_marks,
        ),
        Task(
            "frequency",
            "Frequency",
            "How many times the wave repeats within the sequence.",
            "regression",
            frequency_target,
            min_timesteps=6,
            marks=_frequency_marks,
        ),
        Task(
            "spike",
            "Spike?",
            "Yes or no: is one value far above its neighbours?",
            "binary",
            spike_target,
            min_timesteps=3,
            marks=_spike_marks,
        ),
        Task(
            "waveform",
            "Waveform",
            "The shape of the wave. With 2 classes: smooth or with jumps. With 5: sine, "
            "triangle, sawtooth, square or pulse.",
            "multiclass",
            waveform_target,
            (2, 5),
            min_timesteps=8,
            features_per_unit=False,
            marks=_waveform_marks,
        ),
        Task(
            "related_a",
            "Related pair, a",
            "A weighted sum of all values, plus three sines of that sum. Its counterpart is “Related pair, b”.",
            "regression",
            related_a_target,
            min_timesteps=3,
            features_per_unit=False,
        ),
        Task(
            "related_b",
            "Related pair, b",
            "The counterpart of “Related pair, a”. The relatedness ρ sets how much the two tasks have in common.",
            "regression",
            related_b_target,
            min_timesteps=3,
            features_per_unit=False,
        ),
        _of_column(
            WEATHER, 0, "regression", "temp_max", "Highest temperature", "The highest temperature of the next day."
        ),
        _of_column(WEATHER, 1, "regression", "wind", "Wind", "How strong the wind is on the next day."),
        _of_column(WEATHER, 4, "binary", "rain", "Rain?", "Yes or no: is there precipitation on the next day?"),
        _of_column(
            WEATHER,
            10,
            "multiclass",
            "weather",
            "Weather",
            "The type of weather on the next day: drizzle, fog, rain, snow or sun.",
            (5, 5),
        ),
    )
}
_OWN_KINDS: tuple[tuple[str, Kind, tuple[int, int]], ...] = (
    ("number", "regression", (1, 1)), ("yes", "binary", (1, 1)), ("class", "multiclass", (2, MOST_CLASSES)),
)  # fmt: skip
#: The tasks on the columns of a visitor's own table, by name.
OWN_TASKS: dict[str, Task] = {
    task.name: task
    for column in range(MOST_COLUMNS)
    for name, kind, units in _OWN_KINDS
    for task in [_of_column(OWN, column, kind, f"{name}_{column + 1}", f"Column {column + 1}", units=units)]
}


def task_of(name: str) -> Task:
    """The task with that name. Raises KeyError."""
    return TASKS.get(name) or OWN_TASKS[name]


def tasks_of(source: Source) -> list[str]:
    """The names of the tasks of a source, in the order of the menu."""
    if source.own is not None:
        return list(source.own.choices)
    return [name for name, task in TASKS.items() if task.source is source]


def title_of(source: Source, task: str) -> str:
    """The title of a task of a source, as in the menu. It may contain a column's name: escape it in Markdown."""
    return source.own.choices[task].title if source.own is not None else task_of(task).title


def description_of(source: Source, task: str) -> str:
    """What a task of a source is about, in a sentence."""
    return source.own.choices[task].description if source.own is not None else task_of(task).description
