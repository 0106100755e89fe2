"""The findings of a sweep as sentences: pure functions of its points. The Markdown holds only our words and numbers.

A model is named by its output layers, because two of the timed styles have one layer for all heads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.questions.speed.result import Point, StyleTimings, recorded
from backend.questions.speed.sweep import COMPARED, CONTROL, MODES, Mode
from backend.statistics.intervals import Ratio
from backend.words import listed, short

#: The output layers of the two compared models, as all sentences call them.
SEPARATE, FUSED = "one layer per head", "one layer for all"


def of_mode(points: Sequence[Point], mode: Mode) -> list[Point]:
    """The points of one mode, few heads first."""
    return sorted((point for point in points if point.mode == mode), key=lambda point: point.k)


def heads(*ks: int) -> str:
    """`1 head`, `1, 2 and 8 heads`."""
    return f"{listed(ks)} {'head' if ks == (1,) else 'heads'}"


def seconds(value: float) -> str:
    """A time with three significant digits, in the unit that reads best: 430 µs, 3.85 ms, 0.797 s."""
    unit, factor = ("µs", 1e6) if value < 9.995e-4 else ("ms", 1e3) if value < 0.4995 else ("s", 1)
    return f"{short(factor * value, 3)} {unit}"


def trunk(experiment: Experiment) -> str:
    """What was timed besides the heads, in a few words: `10 × 2 → LSTM(32) → Dense(8), adam, batches of 32`."""
    architecture, training = experiment.architecture, experiment.training
    layers = [f"LSTM({units})" for units in architecture.lstm] + [f"Dense({d.units})" for d in architecture.dense]
    shape = f"{architecture.timesteps} × {architecture.features}"
    return f"{' → '.join([shape, *layers])}, {training.optimizer}, batches of {training.batch}"


def recorded_difference(heads: int) -> tuple[int, Ratio] | None:
    """The ratio of a train step in the recorded sweep, with the number of heads for which it was measured.

    That is `heads`, or the nearest smaller number. None if the sweep found no difference there.
    """
    points = [point for point in of_mode(recorded().points, "fit") if point.k <= heads]
    found = points[-1].ratio if points else None
    return (points[-1].k, found) if found is not None and found.decided else None


def times(found: Ratio) -> str:
    """`1.08 times (1.05 to 1.12)`."""
    interval = f" ({found.low:.2f} to {found.high:.2f})" if found.low is not None and found.high is not None else ""
    return f"{found.median:.2f} times{interval}"


def answer(points: Sequence[Point], mode: Mode) -> tuple[str, str]:
    """Whether one layer for all is faster at the most heads: in a few words, and a sentence with the figure."""
    mine = of_mode(points, mode)
    found = mine[-1].ratio if mine else None
    if found is None:
        return "Not measured yet", ""
    words = {"slower": "Yes", "within noise": "No difference beyond noise", "faster": "No: it is slower"}
    figure = f"A train step with {SEPARATE} takes {times(found)} as long as with {FUSED}."
    return f"{words[found.verdict]}, with {heads(mine[-1].k)}", figure


def control(points: Sequence[Point], mode: Mode) -> str:
    """By how much the timings of one network, built and compiled twice, differ."""
    ratios = [f"{found.median:.2f}" for point in of_mode(points, mode) if (found := point.control)]
    if not ratios:
        return ""
    one, other = (STYLES[style].title for style in CONTROL)
    measured = " to ".join(dict.fromkeys((min(ratios, key=float), max(ratios, key=float))))
    return (
        f"**Control.** {one} and {other} are the same network, with {FUSED}. The measured ratio of their train-step "
        f"times was {measured}. Each interval covers the ratio of {SEPARATE} to both of them."
    )


def title(points: Sequence[Point], mode: Mode, what: str, of: Callable[[StyleTimings], str | None]) -> str:
    """What was measured at the most heads, as the title of a chart."""
    mine = of_mode(points, mode)
    separate, fused = (of(mine[-1].styles[style]) if mine else None for style in COMPARED)
    if separate is None or fused is None:
        return f"{what.capitalize()}: not measured"
    return f"{what.capitalize()} at {heads(mine[-1].k)}: {separate} with {SEPARATE}, {fused} with {FUSED}"


def explanation(points: Sequence[Point], mode: Mode) -> str:
    """Why separate heads take longer, by the operations of the traced graphs and the time of one of them.

    XLA compiles the graph into other operations, which are not counted. So with XLA, no time of an operation is given.
    """
    mine = of_mode(points, mode)
    if not mine:
        return ""
    separate, fused = (mine[-1].styles[style] for style in COMPARED)
    more, at = separate.operations - fused.operations, heads(mine[-1].k)
    if more <= 0:
        return f"With {at}, both models have the same graph: {fused.operations:,} operations."
    reason = (
        f"Both models do the same arithmetic on the heads, but {SEPARATE} splits it into more operations: "
        f"{separate.operations:,} at {at}, and {fused.operations:,} with {FUSED}. "
    )
    if mode == "xla":
        return reason + _COMPILED
    found = mine[-1].ratio
    if found is None or found.verdict != "slower":
        return reason.strip()
    cost = 1e6 * (median(separate.train) - median(fused.train)) / more
    return f"{reason}TensorFlow spends time on each of them, however small: {short(cost, 3)} µs on average here."


_COMPILED = (
    "XLA compiles this graph before it runs, and may fuse several operations into one. So this number does not say how "
    "many run."
)


def compiler(points: Sequence[Point]) -> str:
    """What the XLA compiler changes, if it was measured. The third answer hopes for optimization when compiling."""
    plain, compiled = ({each.k: each for each in of_mode(points, mode)} for mode in MODES if mode != "steps")
    shared = [k for k in compiled if k > 1 and k in plain]
    without, with_xla = (each[shared[-1]].ratio if shared else None for each in (plain, compiled))
    if without is None or with_xla is None:
        return ""
    return (
        f"**XLA.** This compiler could merge the operations of the heads. At {heads(shared[-1])}, a train step with "
        f"{SEPARATE} takes {times(with_xla)} as long as with {FUSED} if XLA compiles it (`{MODES['xla'].title}`), and "
        f"{times(without)} if not."
    )
