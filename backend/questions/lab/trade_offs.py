"""Question 4, what it measures: a concave front, and three heads on one neuron, with fixed weights and with STCH."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, Field

from backend.lab.problems import PROBLEMS, concave_front, one_neuron
from backend.lab.script import scalarizer, script, table
from backend.questions.base import Measured
from backend.questions.lab.base import LabEvidence, QuestionSettings, distinct, rounded

#: Points after the start, of which only the last is evidence; the others report progress.
POINTS = 20
#: Seconds of a step of one method on an idle core: for any number of runs, and for each of them.
STEP, STEP_EACH = 4e-5, 1.5e-7
_STARTS = {"concave_front": concave_front.concave_front_starts, "one_neuron": one_neuron.one_neuron_starts}


class Settings(QuestionSettings):
    """What a visitor can choose. The optimizer is Adam.

    `levels` is the number of values that each weight takes in the sweep, and `smoothings` are STCH's μ.
    """

    levels: int = Field(21, ge=3, le=41)
    starts: int = Field(5, ge=1, le=10)
    smoothings: Annotated[tuple[Annotated[float, Field(ge=0.003, le=10)], ...], AfterValidator(distinct)] = Field(
        (0.1, 0.01), min_length=1, max_length=4
    )
    rate: float = Field(1e-2, ge=1e-4, le=0.1)
    steps: int = Field(2_000, ge=100, le=10_000)


class End(Measured):
    """Where a training ended: the losses there, how far it is from the front, and, for fixed weights, the weights."""

    losses: tuple[float, ...]
    distance: float
    weights: tuple[float, ...] = ()

    @property
    def worst(self) -> float:
        """The loss of the worst head; NaN if one of them is."""
        return max(self.losses) if all(map(math.isfinite, self.losses)) else math.nan


class Smooth(Measured):
    """Where STCH ended with this μ, one end for each start."""

    smoothing: float
    ends: tuple[End, ...]


class Ends(Measured):
    """Where trainings on one problem ended, with fixed weights and with STCH.

    `fixed` has an end for each weighting from the first start, then from the next one.
    """

    fixed: tuple[End, ...]
    smooth: tuple[Smooth, ...]


class Evidence(LabEvidence):
    """Both problems: two heads, and three on one neuron, whose `distance` is that from the nearest best direction."""

    settings: Settings
    pair: Ends
    three: Ends


def weightings(k: int, levels: int) -> np.ndarray:
    """All weights of K losses that are multiples of 1 ÷ (levels - 1) and have the sum 1, (K, count)."""
    parts = levels - 1
    first = np.indices((levels,) * (k - 1)).reshape(k - 1, -1)
    first = first[:, first.sum(axis=0) <= parts]
    return np.asarray(np.vstack([first, parts - first.sum(axis=0)]) / parts)


def seconds(settings: Settings) -> float:
    """About how long the script takes on an idle core."""
    runs: int = settings.starts * sum(weightings(k, settings.levels).shape[1] for k in (2, 3))
    return settings.steps * (STEP * 2 * (1 + len(settings.smoothings)) + STEP_EACH * runs)


def ends(
    losses_of: Callable[[np.ndarray], np.ndarray],
    distance_of: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    weights: np.ndarray | None = None,
) -> list[dict[str, Any]]:
    """Where runs ended: x is (n, runs). `weights` are those of each run, (K, runs)."""
    with np.errstate(all="ignore"):
        found = [rounded(losses_of(x).T), rounded(distance_of(x))]
    found.append([()] * x.shape[1] if weights is None else rounded(weights.T))
    return [{"losses": one, "distance": other, "weights": own} for one, other, own in zip(*found, strict=True)]


def code(settings: Settings) -> str:
    """The script: for both problems, the least loss of the worst head with fixed weights and with STCH."""
    fixed = {"fixed": scalarizer("fixed", weights="weights")}
    smooth = {f"{each}": scalarizer("stch", smoothing=each) for each in settings.smoothings}
    blocks = []
    for variable, (key, starts) in zip(("pair", "three"), _STARTS.items(), strict=True):
        problem = PROBLEMS[key]
        losses, jacobian, distance = (each.__name__ for each in (problem.losses, problem.jacobian, problem.distance))
        how = (
            f"methods, adam, rate={settings.rate}, steps={settings.steps}, points={POINTS},\n"
            '    progress=lambda share: print(".", end="", flush=True),\n'
        )
        blocks.append(
            f"""
weights, starts = weightings({problem.k}, {settings.levels}), {starts.__name__}({settings.starts})
start, weights = np.repeat(starts, weights.shape[1], axis=1), np.tile(weights, {settings.starts})
{table(fixed, problem.k)}
_, swept = descend(
    {losses}, {jacobian}, start, {how})
{table(smooth, problem.k)}
_, smooth = descend(
    {losses}, {jacobian}, starts, {how})
{variable} = {{
    "fixed": ends({losses}, {distance}, swept["fixed"][-1], weights),
    "smooth": [
        {{"smoothing": float(key), "ends": ends({losses}, {distance}, path[-1])}} for key, path in smooth.items()
    ],
}}
print("\\n{problem.title}: the least loss of the worst head")
for title, path in (swept | smooth).items():
    title = title if title == "fixed" else f"STCH, μ = {{title}}"
    print(f"    {{title}}: {{np.nanmin({losses}(path[-1]).max(axis=0)):.4f}}")
""".strip()
        )
    problems = [PROBLEMS[key] for key in _STARTS]
    title, methods = "Can loss_weights reach every trade-off?", (fixed | smooth).values()
    return script(title, problems, methods, "\n\n".join(blocks), [weightings, *_STARTS.values(), rounded, ends])
