"""The findings of a sweep as sentences: pure functions of its points. The Markdown holds only our words and numbers.

A model is named by its output layers, because two of the timed styles have one layer for all heads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, get_args

from backend.experiment.styles import STYLES
from backend.questions.speed.ratios import between, ratio, spread
from backend.questions.speed.result import TITLES, Point, Quantity, StyleTimings, recorded
from backend.questions.speed.sweep import COMPARED, CONTROL, MODES, Mode, SweepStyle
from backend.questions.speed.wording import heads, heads_listed, seconds, times
from backend.statistics.intervals import Ratio
from backend.words import short

#: Verdicts on "one layer for all heads is faster".
Kind = Literal["true", "false", "within noise"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: The output layers of the two compared models, as all sentences call them.
SEPARATE, FUSED = "one layer per head", "one layer for all"


def of_mode(points: Sequence[Point], mode: Mode) -> list[Point]:
    """The points of one mode, few heads first."""
    return sorted((point for point in points if point.mode == mode), key=lambda point: point.k)


def verdict(step_ratio: Ratio) -> Kind:
    """Whether one layer for all heads is faster; `step_ratio` is the time with one layer per head divided by that."""
    kinds: dict[str, Kind] = {"slower": "true", "faster": "false", "within noise": "within noise"}
    return kinds[step_ratio.verdict]


def recorded_difference(heads: int) -> tuple[int, Ratio] | None:
    """The ratio of a train step in the recorded sweep, with the number of heads for which it was measured.

    That is `heads`, or the nearest smaller number. None if the sweep found no difference there.
    """
    points = [point for point in of_mode(recorded().points, "fit") if point.k <= heads]
    found = ratio(points[-1]) if points else None
    return (points[-1].k, found) if found is not None and found.decided else None


def answer(points: Sequence[Point], mode: Mode) -> tuple[str, str]:
    """Whether one layer for all heads is faster: the answer in a few words, and a sentence or two with the figures."""
    ratios = {point.k: step_ratio for point in of_mode(points, mode) if (step_ratio := ratio(point))}
    faster, slower, noise = ([k for k, step_ratio in ratios.items() if verdict(step_ratio) == kind] for kind in KINDS)
    within = f"At {heads_listed(noise)}, the difference is within noise." if noise else ""
    if not ratios:
        return "Not measured yet", ""
    if not faster and not slower:
        return "No difference beyond noise", f"Measured at {heads_listed(noise)}."
    if not faster:
        return f"No: it is slower {_span(slower, ratios)}", within
    factors = sorted({f"{ratios[k].median:.2f}" for k in faster}, key=float)
    longer = f"A train step with {SEPARATE} takes {' to '.join(dict.fromkeys((factors[0], factors[-1])))} times"
    opposite = f"It is slower {_span(slower, ratios)}." if slower else ""
    sentences = f"{longer} as long as with {FUSED}.", opposite, within
    return f"Yes, {_span(faster, ratios)}", " ".join(filter(None, sentences))


def _span(ks: Sequence[int], measured: Iterable[int]) -> str:
    """`from 2 to 64 heads` if `ks` are at least three neighbours of those `measured`, else `at 2 and 8 heads`."""
    between = [k for k in measured if ks[0] <= k <= ks[-1]]
    return f"from {ks[0]} to {heads(ks[-1])}" if len(ks) > 2 and between == list(ks) else f"at {heads_listed(ks)}"


def headline(points: Sequence[Point], mode: Mode) -> str:
    """The ratios of a train step in one mode, as one sentence."""
    ratios = {point.k: step_ratio for point in of_mode(points, mode) if (step_ratio := ratio(point))}
    if not ratios:
        return "Train step: not measured yet"
    by_verdict: dict[Kind, list[int]] = {"true": [], "false": [], "within noise": []}
    for k, step_ratio in ratios.items():
        by_verdict[verdict(step_ratio)].append(k)
    slower, faster, noise = by_verdict["true"], by_verdict["false"], by_verdict["within noise"]
    parts = []
    if slower:
        least, *most = dict.fromkeys((slower[0], slower[-1]))
        longer = [f"{times(ratios[least])} as long as with {FUSED} at {heads(least)}"]
        parts.append("takes " + " and ".join(longer + [f"{times(ratios[k])} at {heads(k)}" for k in most]))
    if faster:
        parts.append(f"is faster at {heads_listed(faster)}")
    if not parts:
        return f"Train step: no difference beyond noise at {heads_listed(noise)}"
    return (
        f"With {SEPARATE}, a train step "
        + " and ".join(parts)
        + (f"; within noise at {heads_listed(noise)}" if noise else "")
    )


def control(points: Sequence[Point], mode: Mode) -> str:
    """By how much the timings of one network, built and compiled twice, differ."""
    ratios = [step_ratio.median for point in of_mode(points, mode) if (step_ratio := between(point, "train", CONTROL))]
    if not ratios:
        return ""
    one, other = (STYLES[style].title for style in CONTROL)
    low, high = f"{min(ratios):.2f}", f"{max(ratios):.2f}"
    measured = f"was {low}" if low == high else f"was between {low} and {high}"
    return (
        f"**Control.** {one} and {other} are the same network, with {FUSED}. The measured ratio of their train-step "
        f"times {measured}. The interval at each number of heads covers the ratio of {SEPARATE} to both of them."
    )


def count_title(points: Sequence[Point], mode: Mode, count: Callable[[StyleTimings], int], what: str) -> str:
    """A count at the most heads, as the title of a chart."""
    mine = of_mode(points, mode)
    if not mine:
        return what.capitalize()
    separate, fused = (count(mine[-1].styles[style]) for style in COMPARED)
    return f"{what.capitalize()} at {heads(mine[-1].k)}: {separate:,} with {SEPARATE}, {fused:,} with {FUSED}"


def time_title(points: Sequence[Point], mode: Mode, quantity: Quantity) -> str:
    """The medians of a time at the most heads, as the title of a chart."""
    mine = of_mode(points, mode)
    title = TITLES[quantity].capitalize()
    values = [spread(mine[-1].styles[style].seconds(quantity)) for style in COMPARED] if mine else []
    if not values:
        return title
    separate, fused = values
    if separate is None or fused is None:
        return f"{title}: not measured in this mode"
    at = heads(mine[-1].k)
    return f"{title} at {at}: {seconds(separate.median)} with {SEPARATE}, {seconds(fused.median)} with {FUSED}"


def explanation(points: Sequence[Point], mode: Mode) -> list[str]:
    """Why separate heads take longer, by the traced graphs: operations and variables, and the time of an operation.

    XLA compiles the graph into other operations, which are not counted. So with XLA, no time of an operation is given.
    """
    mine = of_mode(points, mode)
    if not mine:
        return []
    most = mine[-1]
    separate, fused = (most.styles[style] for style in COMPARED)
    if separate.operations <= fused.operations:
        return [
            f"With {heads(most.k)}, both models have the same graph: {fused.operations:,} operations and "
            f"{fused.variables:,} variables."
        ]
    graph = "a train step has" if mode != "xla" else "the traced graph of a train step has"
    sentences = [
        f"**Operations.** Both models do the same arithmetic on the heads, but {SEPARATE} splits it into more "
        f"operations. At {heads(most.k)}, {graph} {separate.operations:,} operations with {SEPARATE} and "
        f"{fused.operations:,} with {FUSED}.{_growth(mine)}",
        f"**Variables.** At {heads(most.k)}, a train step with {SEPARATE} uses {_variables(separate)}. A train step "
        f"with {FUSED} uses {_variables(fused)}. With {SEPARATE}, each head has its own kernel and bias, with its own "
        f"loss, gradients and updates. With {FUSED}, all heads share a kernel and a bias, and each head is a column.",
    ]
    if mode == "xla":
        return [*sentences, _COMPILED]
    return [*sentences, *_costs(most)]


#: This takes the place of the cost of an operation, with XLA.
_COMPILED = (
    "**Cost of a step.** XLA compiles this graph before it runs, and may fuse several operations into one. So the "
    "number of operations above does not say how many run, and the time of a step is not explained by it. The first "
    "call takes longer here, because it traces the graph and then compiles it."
)


def _costs(most: Point) -> list[str]:
    """The cost of an extra operation in a step and in the first call, if TensorFlow runs the traced graph itself."""
    separate, fused = (most.styles[style] for style in COMPARED)
    more = separate.operations - fused.operations
    sentences = []
    step_ratio = ratio(most)
    step, fused_step = (spread(figures.train) for figures in (separate, fused))
    if step_ratio and verdict(step_ratio) == "true" and step and fused_step:
        cost = (step.median - fused_step.median) / more
        sentences.append(
            "**Cost of a step.** TensorFlow spends time on every operation, however small. Here the extra time is "
            f"{short(1e6 * cost, 3)} µs for each extra operation. Some operations run at the same time, so this is an "
            "average."
        )
    if separate.first_call > fused.first_call and step:
        cost = (separate.first_call - fused.first_call) / more
        sentences.append(
            "**Cost of tracing.** In the first call, Python creates each operation once to trace the model, and "
            f"TensorFlow optimizes the graph. The first call takes {seconds(separate.first_call)} with {SEPARATE} and "
            f"{seconds(fused.first_call)} with {FUSED}. The extra time is {short(1e3 * cost, 3)} ms for each extra "
            f"operation. With {SEPARATE}, the first call takes as long as about "
            f"{short(separate.first_call / step.median)} train steps."
        )
    return sentences


def compiler(points: Sequence[Point]) -> str:
    """What the XLA compiler changes, if it was measured. The third answer hopes for optimization when compiling."""
    plain = {point.k: step_ratio for point in of_mode(points, "fit") if (step_ratio := ratio(point))}
    compiled = {point.k: step_ratio for point in of_mode(points, "xla") if (step_ratio := ratio(point))}
    shared = [k for k in compiled if k > 1 and k in plain]
    if not shared:
        return ""
    k = shared[-1]
    with_xla, without = compiled[k], plain[k]
    figures = (
        f"At {heads(k)}, a train step with {SEPARATE} takes {times(with_xla)} as long as with {FUSED} if XLA "
        f"compiles it (`{MODES['xla'].title}`), and {times(without)} if not."
    )
    if not without.decided:
        conclusion = "The difference without XLA is within noise, so there is no gap to close."
    else:
        conclusion = {
            without.verdict: "XLA does not close the gap.",
            "within noise": "The difference with XLA is within noise, so no gap can be seen.",
        }.get(with_xla.verdict, "XLA reverses the difference.")
    return f"**XLA.** This compiler could merge the operations of the heads. {figures} {conclusion}"


def _growth(mine: Sequence[Point]) -> str:
    """The operations that each extra head adds to both models, between the two points with the most heads."""
    if len(mine) < 2 or mine[-2].k < 2:
        return ""
    separate, fused = (_per_head(mine, style) for style in COMPARED)
    added = f"{fused:,}" if fused else "none"
    return f" Each extra head adds {separate:,} operations with {SEPARATE} and {added} with {FUSED}."


def _per_head(mine: Sequence[Point], style: SweepStyle) -> int:
    few, many = (point.styles[style].operations for point in mine[-2:])
    return round((many - few) / (mine[-1].k - mine[-2].k))


def _variables(figures: StyleTimings) -> str:
    return (
        f"{figures.variables:,} variables: {figures.weights:,} weight tensors, {figures.slots:,} in the "
        f"optimizer's state, and {figures.trackers:,} that track losses"
    )
