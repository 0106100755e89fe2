"""What a sweep found, in sentences: pure functions of its points. Markdown of our own words and numbers alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.speed.sweep import (
    COMPARED,
    CONTROL,
    MODES,
    TITLES,
    Mode,
    Point,
    Quantity,
    StyleTimings,
    between,
    ratio,
    spread,
)
from backend.statistics import Ratio
from backend.words import listed

#: Verdicts on "the fused model is faster".
Kind = Literal["true", "within noise", "false"]

#: The two that are compared, short enough for a sentence.
SEPARATE, FUSED = STYLES[COMPARED[0]].title, "fused"


def of_mode(points: Sequence[Point], mode: Mode) -> list[Point]:
    """The points of one mode, few heads first."""
    return sorted((point for point in points if point.mode == mode), key=lambda point: point.k)


def verdict(found: Ratio) -> Kind:
    """Whether the fused model is faster, where `found` is Functional's time over fused's."""
    kinds: dict[str, Kind] = {"slower": "true", "faster": "false", "within noise": "within noise"}
    return kinds[found.verdict]


def headline(points: Sequence[Point], mode: Mode) -> str:
    """The ratios of a train step in one mode, as one sentence."""
    ratios = {point.k: found for point in of_mode(points, mode) if (found := ratio(point))}
    if not ratios:
        return f"{SEPARATE} against {FUSED}: not measured yet"
    by_verdict: dict[Kind, list[int]] = {"true": [], "false": [], "within noise": []}
    for k, found in ratios.items():
        by_verdict[verdict(found)].append(k)
    parts = []
    if slower := by_verdict["true"]:
        ends = dict.fromkeys((slower[0], slower[-1]))
        parts.append("takes " + " and ".join(_longer(ratios[k], k, i) for i, k in enumerate(ends)))
    if by_verdict["false"]:
        parts.append(f"is quicker at {heads_listed(by_verdict['false'])}")
    noise = by_verdict["within noise"]
    if not parts:
        return f"No difference above noise at {heads_listed(noise)}"
    return f"{SEPARATE} " + " and ".join(parts) + (f"; within noise at {heads_listed(noise)}" if noise else "")


def control(points: Sequence[Point], mode: Mode) -> str:
    """What the same network, compiled twice, says about the stopwatch."""
    ratios = [found.median for point in of_mode(points, mode) if (found := between(point, "train", CONTROL))]
    if not ratios:
        return ""
    one, other = (STYLES[style].title for style in CONTROL)
    span = f"{min(ratios):.2f}" + (f" to {max(ratios):.2f}" if len(ratios) > 1 else "")
    return (
        f"**The control.** {one} and {other} are the same network, and the ratio of their train steps came out at "
        f"{span}. Each interval here holds {SEPARATE}'s ratio to either of them."
    )


def grown(points: Sequence[Point], mode: Mode, count: Callable[[StyleTimings], int], what: str) -> str:
    """A count at most heads, as the title of a chart."""
    mine = of_mode(points, mode)
    if not mine:
        return what.capitalize()
    separate, fused = (count(mine[-1].styles[style]) for style in COMPARED)
    return f"{heads(mine[-1].k).capitalize()}: {separate:,} {what} in {SEPARATE}, {fused:,} in {FUSED}"


def lasts(points: Sequence[Point], mode: Mode, quantity: Quantity) -> str:
    """The medians of a time at most heads, as the title of a chart."""
    mine = of_mode(points, mode)
    told = TITLES[quantity].capitalize()
    values = [spread(mine[-1].styles[style].seconds(quantity)) for style in COMPARED] if mine else []
    if not values:
        return told
    separate, fused = values
    if separate is None or fused is None:
        return f"{told}: not measured in this mode"
    at = heads(mine[-1].k)
    return f"{told} at {at}: {seconds(separate.median)} in {SEPARATE}, {seconds(fused.median)} in {FUSED}"


def explanation(points: Sequence[Point], mode: Mode) -> list[str]:
    """Why the slower one is slower, from the traced graphs: operations and variables, and what each costs."""
    mine = of_mode(points, mode)
    if not mine:
        return []
    most = mine[-1]
    separate, fused = (most.styles[style] for style in COMPARED)
    more = separate.operations - fused.operations
    if more <= 0:
        return [f"With one head both are the same graph: {fused.operations:,} operations, {fused.variables} variables."]
    each = _per_head(mine)
    told = [
        f"**Operations.** Both do the same sums; they differ in bookkeeping. At {heads(most.k)} a train step has "
        f"{separate.operations:,} operations in {SEPARATE} and {fused.operations:,} in {FUSED}"
        + (f"; one more head adds {each:,} there and none here." if each else "."),
        f"**Variables.** {separate.variables} against {fused.variables}: {separate.weights} weights against "
        f"{fused.weights}, {separate.slots} of the optimizer against {fused.slots}, {separate.trackers} that track "
        f"losses against {fused.trackers}. Each head is a kernel and a bias of its own, with a loss, a gradient and an "
        "update for each; fused, they are columns of one kernel, however many.",
    ]
    found = ratio(most)
    medians = [spread(figures.train) for figures in (separate, fused)]
    if found and verdict(found) == "true" and medians[0] and medians[1]:
        cost = (medians[0].median - medians[1].median) / more
        told.append(
            f"**Each step.** TensorFlow pays for every operation, however small: here {1e6 * cost:.2f} µs for each one "
            "more, spread over what runs at the same time."
        )
    if separate.first_call > fused.first_call:
        cost = (separate.first_call - fused.first_call) / more
        told.append(
            f"**Before the first step.** Python makes each operation once, when it traces the model: "
            f"{1e3 * cost:.1f} ms for each one more, {seconds(separate.first_call)} against "
            f"{seconds(fused.first_call)} in all. A short training pays more for this than for its steps."
        )
    return told


def compiler(points: Sequence[Point]) -> str:
    """What XLA makes of it, where that was measured: the answer hoped for an optimization at compile time."""
    plain = {point.k: found for point in of_mode(points, "fit") if (found := ratio(point))}
    compiled = {point.k: found for point in of_mode(points, "xla") if (found := ratio(point))}
    shared = [k for k in compiled if k > 1 and k in plain]
    if not shared:
        return ""
    k = shared[-1]
    with_xla, without = compiled[k], plain[k]
    figures = (
        f"With {MODES['xla'].title} {SEPARATE} takes {times(with_xla)} as long as {FUSED} at {heads(k)}, without it "
        f"{times(without)}"
    )
    if not without.decided:
        told = "and without it the difference is within noise, so there is no gap to close"
    else:
        told = {
            without.verdict: "so XLA does not close the gap",
            "within noise": "and with it the difference is within noise: no gap is left to see",
        }.get(with_xla.verdict, "so XLA turns the difference round")
    return f"**XLA**, the compiler that could merge the heads. {figures}, {told}."


def trunk(experiment: Experiment) -> str:
    """What was timed beside the heads, in a few words: `10 × 2 → LSTM(32) → Dense(8), adam, batches of 32`."""
    architecture, training = experiment.architecture, experiment.training
    layers = [f"LSTM({units})" for units in architecture.lstm] + [f"Dense({d.units})" for d in architecture.dense]
    shape = f"{architecture.timesteps} × {architecture.features}"
    return f"{' → '.join([shape, *layers])}, {training.optimizer}, batches of {training.batch}"


def heads(k: int) -> str:
    """`1 head`, `8 heads`."""
    return "1 head" if k == 1 else f"{k} heads"


def seconds(value: float) -> str:
    """A time in the unit that reads best: 430 µs, 3.85 ms, 0.75 s, 5.6 s."""
    if value < 9.995e-4:
        return f"{1e6 * value:.0f} µs"
    if value < 0.4995:
        return f"{1e3 * value:.3g} ms"
    return f"{value:.2g} s" if value < 10 else f"{value:.0f} s"


def _per_head(mine: Sequence[Point]) -> int | None:
    """Operations that one more head adds to Functional, between the two points with most heads."""
    if len(mine) < 2 or mine[-2].k < 2:
        return None
    few, many = (point.styles[COMPARED[0]].operations for point in mine[-2:])
    return round((many - few) / (mine[-1].k - mine[-2].k))


def _longer(found: Ratio, k: int, position: int) -> str:
    return f"{times(found)} " + (f"as long as {FUSED} at {heads(k)}" if position == 0 else f"at {k}")


def times(found: Ratio) -> str:
    """`1.08 times`."""
    return f"{found.median:.2f} times"


def heads_listed(ks: Sequence[int]) -> str:
    """`k = 1, 2 and 8`."""
    return f"k = {listed(ks)}"
