"""Question 4: can `loss_weights` reach every trade-off? A concave front, and three heads on one neuron."""

from __future__ import annotations

import math

import numpy as np

from backend.lab.descent import Entry, run, scalarizer
from backend.lab.problems import PROBLEMS, concave_front, one_neuron
from backend.lab.script import script, table
from backend.questions.base import Verdict
from backend.questions.lab.base import Progress, Question, ignore_progress, rounded
from backend.questions.lab.trade_offs_evidence import End, Ends, Evidence, Settings, Smooth
from backend.words import listed, short

#: The least loss of the worst of three heads on one neuron, and the least that fixed weights can leave it.
BEST, BEST_FIXED = 0.7, 23 / 30
#: Points after the start, of which only the last is evidence; the others report progress.
POINTS = 20
#: The concave front has the length 2. A stretch of it is empty if it is longer than this and no training ends in it.
EMPTY = 0.5

#: Seconds of a step of one method on an idle core: for any number of runs, and for each of them.
STEP, STEP_EACH = 4e-5, 1.5e-7

OPTIONS = (
    "yes: every trade-off has its weights",
    "no: only trade-offs near an end of the front",
    "no: only trade-offs near its middle",
)


def weightings(k: int, levels: int) -> np.ndarray:
    """All weights of K losses that are multiples of 1 ÷ (levels - 1) and have the sum 1, (K, count)."""
    parts = levels - 1
    first = np.indices((levels,) * (k - 1)).reshape(k - 1, -1)
    first = first[:, first.sum(axis=0) <= parts]
    return np.asarray(np.vstack([first, parts - first.sum(axis=0)]) / parts)


def measure(settings: Settings, progress: Progress = ignore_progress) -> Evidence:
    """Train with all weights and with STCH, on both problems."""
    pair = _ends(settings, "concave_front", lambda share: progress(share / 2))
    return Evidence(
        settings=settings, pair=pair, three=_ends(settings, "one_neuron", lambda share: progress(0.5 + share / 2))
    )


def seconds(settings: Settings) -> float:
    """About how long `measure` takes on an idle core."""
    runs: int = settings.starts * sum(weightings(k, settings.levels).shape[1] for k in (2, 3))
    return settings.steps * (STEP * 2 * (1 + len(settings.smoothings)) + STEP_EACH * runs)


_STARTS = {"concave_front": concave_front.concave_front_starts, "one_neuron": one_neuron.one_neuron_starts}


def title_of(smoothing: float) -> str:
    """The name of STCH with this μ. It has all digits, because two numbers may agree in the first six."""
    return f"STCH, μ = {str(smoothing).removesuffix('.0')}"


def entries(settings: Settings) -> dict[str, Entry]:
    """STCH with each μ, by its title."""
    titles = {title_of(smoothing): smoothing for smoothing in settings.smoothings}
    return {title: scalarizer("stch", title, smoothing=smoothing) for title, smoothing in titles.items()}


def _sweep(weights: np.ndarray | None) -> dict[str, Entry]:
    """Fixed weights, (K, runs); None for a script, which has its own."""
    return {"fixed": scalarizer("fixed", "Fixed weights", weights=weights)}


def _ends(settings: Settings, key: str, progress: Progress) -> Ends:
    problem = PROBLEMS[key]
    weights, starts = weightings(problem.k, settings.levels), _STARTS[key](settings.starts)
    count = weights.shape[1]
    fixed = _sweep(np.tile(weights, settings.starts))
    smooth = entries(settings)
    steps, rate = settings.steps, settings.rate
    # For each start, a column for each weighting.
    swept = run(
        problem, fixed, start=np.repeat(starts, count, axis=1), rate=rate, steps=steps, points=POINTS,
        progress=lambda share: progress(0.7 * share),
    )["fixed"].end  # fmt: skip
    smooth_paths = run(
        problem, smooth, start=starts, rate=rate, steps=steps, points=POINTS,
        progress=lambda share: progress(0.7 + 0.3 * share),
    )  # fmt: skip
    fixed_ends = [
        End(losses=losses, distance=distance, weights=rounded(weights[:, i % count]))
        for i, (losses, distance) in enumerate(zip(*_losses(key, swept), strict=True))
    ]
    return Ends(
        fixed=tuple(fixed_ends),
        smooth=tuple(
            Smooth(
                smoothing=smoothing,
                ends=tuple(
                    End(losses=losses, distance=distance)
                    for losses, distance in zip(*_losses(key, path.end), strict=True)
                ),
            )
            for smoothing, path in zip(settings.smoothings, smooth_paths.values(), strict=True)
        ),
    )


def _losses(key: str, x: np.ndarray) -> tuple[tuple[tuple[float, ...], ...], tuple[float, ...]]:
    with np.errstate(all="ignore"):
        return rounded(PROBLEMS[key].losses(x).T), rounded(PROBLEMS[key].distance(x))


def position(end: End) -> float:
    """Where on the concave front an end is, from -1 (the second loss is 0) to 1 (the first is 0)."""
    first, second = (math.sqrt(-math.log(max(1 - loss, 1e-9))) for loss in end.losses)
    return (second - first) / 2


def judge(evidence: Evidence) -> Verdict:
    """Where on the concave front the fixed weights end, and STCH; then the worst of the three heads."""
    settings, pair = evidence.settings, evidence.pair
    tolerance = PROBLEMS["concave_front"].tolerance
    arrived = [end for end in pair.fixed if end.distance <= tolerance]
    trained = f"{settings.steps:,} steps of Adam at a rate of {short(settings.rate, 3)}"
    if not arrived:
        finding = f"No training with fixed weights has reached the front within {trained}, so these runs cannot tell."
        return Verdict(None, finding, _why(evidence), _table(evidence))
    balanced = min(arrived, key=lambda end: end.worst)
    smooth = min((end for each in pair.smooth for end in each.ends), key=lambda end: (math.isnan(end.worst), end.worst))
    finding = (
        f"{len(arrived)} of {len(pair.fixed)} trainings with fixed weights reach the front, the most balanced at the "
        f"losses {_pair(balanced)}; STCH's most balanced end is {_pair(smooth)}, and the middle of the front is "
        "(0.632, 0.632)."
    )
    answer = _answer([position(end) for end in arrived])
    if answer is None:
        finding += (
            " The trainings with fixed weights leave a part of the front empty, but end neither only near its ends nor "
            "only near its middle, so none of the answers fits."
        )
    return Verdict(answer, finding, _why(evidence), _table(evidence))


def _pair(end: End) -> str:
    return "(" + ", ".join(short(loss, 3) for loss in end.losses) + ")"


def _answer(positions: list[float]) -> str | None:
    """The option that holds: whether a long stretch of the front is empty, and on which side of it the ends are."""
    inside = sorted(min(max(each, -1.0), 1.0) for each in positions)
    gaps = [after - before for before, after in zip([-1.0, *inside], [*inside, 1.0], strict=True)]
    if max(gaps) <= EMPTY:
        return OPTIONS[0]
    if all(abs(each) > EMPTY for each in inside):
        return OPTIONS[1]
    return OPTIONS[2] if all(abs(each) <= EMPTY for each in inside) else None


def _why(evidence: Evidence) -> str:
    settings = evidence.settings
    parts = [
        "A weighted sum of the losses has its minimum where a straight line touches the set of all losses that can be "
        "reached. A concave front bulges away from such lines: they touch it only near its ends. STCH minimises a "
        "smooth maximum of the losses, whose contour has a corner that reaches into the bulge. With a large μ, the "
        "maximum is so smooth that it is almost a sum."
    ]
    worst = [end.worst for end in evidence.three.fixed if math.isfinite(end.worst)]
    if worst:
        smooth = [
            f"{min(losses):.3f} with {title_of(each.smoothing)}"
            for each in evidence.three.smooth
            if (losses := [end.worst for end in each.ends if math.isfinite(end.worst)])
        ]
        with_stch = f"it is {listed(smooth)}" if smooth else "with STCH, every training became NaN or infinite"
        parts.append(
            f"Three heads on one neuron: the best of {weightings(3, settings.levels).shape[1]} weightings leaves the "
            f"worst head a loss of {short(min(worst), 3)}; {with_stch}. The least possible is "
            f"{BEST:.2f}, between two of the targets. Trained to the end, fixed weights leave at least "
            f"{short(BEST_FIXED, 3)}, and that only if they are almost equal: the neuron turns towards the target with "
            f"the largest weight.{_unsettled(min(worst))}"
        )
    else:
        parts.append("Three heads on one neuron: with fixed weights, every training became NaN or infinite.")
    parts.append(
        f"With three neurons, all three losses could be 0 at once, and no weights would be needed. Here, every "
        f"training had {settings.steps:,} steps of Adam at a rate of {short(settings.rate, 3)}, from "
        f"{settings.starts} {'start' if settings.starts == 1 else 'starts'}."
    )
    return "\n\n".join(parts)


def _unsettled(worst: float) -> str:
    """A sentence if trainings with fixed weights had not ended: they pass through better points on their way."""
    if worst >= BEST_FIXED - 0.001:
        return ""
    return (
        " Some of these trainings had not converged: on the way, the largest loss can be lower than at the end. Choose "
        "more steps."
    )


def _table(evidence: Evidence) -> list[dict[str, str]]:
    rows = [_row("fixed weights", evidence.pair.fixed, evidence.three.fixed)]
    for pair, three in zip(evidence.pair.smooth, evidence.three.smooth, strict=True):
        rows.append(_row(title_of(pair.smoothing), pair.ends, three.ends))
    return rows


def _row(title: str, pair: tuple[End, ...], three: tuple[End, ...]) -> dict[str, str]:
    def least(ends: tuple[End, ...]) -> str:
        losses = [end.worst for end in ends if math.isfinite(end.worst)]
        return f"{min(losses):.3f}" if losses else short(math.nan)

    return {
        "method": title,
        "least loss of the worst head, concave front": least(pair),
        "least loss of the worst head, one neuron": least(three),
    }


def code(settings: Settings) -> str:
    """The script: for both problems, the least loss of the worst head with fixed weights and with STCH."""
    blocks = []
    for key, starts in _STARTS.items():
        problem = PROBLEMS[key]
        arguments = (
            f"{problem.losses.__name__}, {problem.jacobian.__name__}, {{start}}, {{methods}}, adam, "
            f"rate={settings.rate}, steps={settings.steps}, points={POINTS}"
        )
        swept, smooth = (
            arguments.format(start="start", methods="methods"),
            arguments.format(start="starts", methods="methods"),
        )
        blocks.append(
            f"""
print("{problem.title}: the least loss of the worst head")
weights, starts = weightings({problem.k}, {settings.levels}), {starts.__name__}({settings.starts})
start, weights = np.repeat(starts, weights.shape[1], axis=1), np.tile(weights, {settings.starts})
{table(_sweep(None), problem.k, {"weights": "weights"})}
_, swept = descend({swept})
{table(entries(settings), problem.k)}
_, smooth = descend({smooth})
for title, path in (swept | smooth).items():
    print(f"    {{title}}: {{np.nanmin({problem.losses.__name__}(path[-1]).max(axis=0)):.4f}}")
""".strip()
        )
    problems = [PROBLEMS[key] for key in _STARTS]
    methods = [
        (entry, problem.k) for problem in problems for entry in (*_sweep(None).values(), *entries(settings).values())
    ]
    return script(QUESTION.title, problems, methods, "\n\n".join(blocks), [weightings, *_STARTS.values()])


QUESTION = Question(
    key="trade_offs",
    number=4,
    title="Can loss_weights reach every trade-off?",
    question="Two heads share a trunk, and the front of their trade-offs is concave. You train with many pairs of "
    "`loss_weights`, from several starts. Can they reach every trade-off?",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    measure=measure,
    seconds=seconds,
    judge=judge,
    script=code,
    published=(Settings(),),
)
