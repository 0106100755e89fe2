"""Question 4: which part of a concave front `loss_weights` reach, and STCH."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from backend.lab.problems import concave_front
from backend.lab.script import scalarizer, script, table
from backend.questions.base import Measured, Verdict
from backend.questions.lab.base import LabEvidence, Question, rounded
from backend.questions.pictures import Bar, Bars, of_method
from backend.words import short

#: Points after the start, of which only the last is evidence; the others report progress.
POINTS = 20
_PROBLEM = concave_front.PROBLEM


class TradeOffSettings(Measured):
    """The optimizer is Adam.

    `levels` is the number of values that each weight takes in the sweep, and `smoothings` are STCH's μ.
    """

    levels: int = 21
    starts: int = 5
    smoothings: tuple[float, ...] = (0.1, 0.01)
    rate: float = 1e-2
    steps: int = 2_000


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


class TradeOffEvidence(LabEvidence):
    """Where trainings ended, with fixed weights and with STCH.

    `fixed` has an end for each weighting from the first start, then from the next one.
    """

    settings: TradeOffSettings
    fixed: tuple[End, ...]
    smooth: tuple[Smooth, ...]


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


def code(settings: TradeOffSettings) -> str:
    """The script: the least loss of the worst head with fixed weights and with STCH."""
    fixed = {"fixed": scalarizer("fixed", weights="weights")}
    smooth = {f"{each}": scalarizer("stch", smoothing=each) for each in settings.smoothings}
    losses, jacobian, distance = (each.__name__ for each in (_PROBLEM.losses, _PROBLEM.jacobian, _PROBLEM.distance))
    main = f"""
share, starts = np.linspace(0, 1, {settings.levels}), concave_front_starts({settings.starts})
weights = np.tile([share, 1 - share], {settings.starts})


def paths_of(start, methods):
    return descend(
        {losses}, {jacobian}, start, methods, adam, rate={settings.rate}, steps={settings.steps}, points={POINTS},
        progress=lambda share: print(".", end="", flush=True),
    )[1]


{table(fixed, _PROBLEM.k)}
swept = paths_of(np.repeat(starts, {settings.levels}, axis=1), methods)
{table(smooth, _PROBLEM.k)}
smoothed = paths_of(starts, methods)
fixed = ends({losses}, {distance}, swept["fixed"][-1], weights)
smooth = [{{"smoothing": float(key), "ends": ends({losses}, {distance}, path[-1])}} for key, path in smoothed.items()]
print("\\n{_PROBLEM.title}: the least loss of the worst head")
for title, path in (swept | smoothed).items():
    title = title if title == "fixed" else f"STCH, μ = {{title}}"
    print(f"    {{title}}: {{np.nanmin({losses}(path[-1]).max(axis=0)):.4f}}")
"""
    title, methods = "Can loss_weights reach every trade-off?", (fixed | smooth).values()
    return script(title, [_PROBLEM], methods, main, [concave_front.concave_front_starts, rounded, ends])


#: The concave front has the length 2. A stretch of it is empty if it is longer than this and no training ends in it.
EMPTY = 0.5
OPTIONS = (
    "yes: every trade-off has its weights",
    "no: only trade-offs near an end of the front",
    "no: only trade-offs near its middle",
)


def title_of(smoothing: float) -> str:
    """The name of STCH with this μ. It has all digits, because two numbers may agree in the first six."""
    return f"STCH, μ = {str(smoothing).removesuffix('.0')}"


def position(end: End) -> float:
    """Where on the concave front an end is, from -1 (the second loss is 0) to 1 (the first is 0)."""
    first, second = (math.sqrt(-math.log(max(1 - loss, 1e-9))) for loss in end.losses)
    return (second - first) / 2


def arrived(evidence: TradeOffEvidence) -> list[End]:
    """The ends of the trainings with fixed weights that have reached the concave front."""
    return [end for end in evidence.fixed if end.distance <= _PROBLEM.tolerance]


def judge(evidence: TradeOffEvidence) -> Verdict:
    """Where on the concave front the fixed weights end, and STCH."""
    settings, on_front = evidence.settings, arrived(evidence)
    trained = f"{settings.steps:,} steps of Adam at learning rate {short(settings.rate, 3)}"
    answer = None
    if not on_front:
        finding = f"No training with fixed weights has reached the front within {trained}, so these runs cannot tell."
    else:
        finding = (
            f"{len(on_front)} of {len(evidence.fixed)} trainings with fixed weights reach the front within {trained}."
        )
        answer = _answer([position(end) for end in on_front])
        finding += "" if answer else " They leave a part of the front empty, but none of the answers fits."
    return Verdict(answer, finding)


def _answer(positions: list[float]) -> str | None:
    """The option that holds: whether a long stretch of the front is empty, and on which side of it the ends are."""
    inside = sorted(min(max(each, -1.0), 1.0) for each in positions)
    gaps = [after - before for before, after in zip([-1.0, *inside], [*inside, 1.0], strict=True)]
    if max(gaps) <= EMPTY:
        return OPTIONS[0]
    if all(abs(each) > EMPTY for each in inside):
        return OPTIONS[1]
    return OPTIONS[2] if all(abs(each) <= EMPTY for each in inside) else None


def picture(evidence: TradeOffEvidence) -> Bars:
    """The least loss of the worst of two heads on a concave front, with fixed weights and with STCH."""
    ways = [("fixed weights", "fixed", evidence.fixed)]
    ways += [(title_of(each.smoothing), "stch", each.ends) for each in evidence.smooth]
    bars = []
    for title, key, ends in ways:
        least = min((end.worst for end in ends if math.isfinite(end.worst)), default=math.nan)
        bars.append(Bar(title, [(least, of_method(key))], short(least, 3)))
    return Bars("Least loss of the worst of two heads on a concave front", bars)


QUESTION = Question(
    key="trade_offs",
    number=4,
    title="Can loss_weights reach every trade-off?",
    options=OPTIONS,
    settings=TradeOffSettings,
    evidence=TradeOffEvidence,
    test=judge,
    draw=picture,
    code=code,
    published=(TradeOffSettings(),),
)
