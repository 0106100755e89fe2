"""Question 4, what it says: which part of a concave front `loss_weights` reach."""

from __future__ import annotations

import math
from collections.abc import Iterable

from backend.lab.problems import PROBLEMS
from backend.questions.base import Verdict
from backend.questions.lab.base import Question
from backend.questions.lab.trade_offs import End, Evidence, Settings, code, seconds
from backend.questions.pictures import Bar, Bars, of_method
from backend.words import counted, short

#: The least loss of the worst of three heads on one neuron, and the least that fixed weights can leave it.
BEST, BEST_FIXED = 0.7, 23 / 30
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


def arrived(evidence: Evidence) -> list[End]:
    """The ends of the trainings with fixed weights that have reached the concave front."""
    return [end for end in evidence.pair.fixed if end.distance <= PROBLEMS["concave_front"].tolerance]


def judge(evidence: Evidence) -> Verdict:
    """Where on the concave front the fixed weights end, and STCH."""
    settings, on_front = evidence.settings, arrived(evidence)
    trained = f"{settings.steps:,} steps of Adam at a rate of {short(settings.rate, 3)}"
    answer = None
    if not on_front:
        finding = f"No training with fixed weights has reached the front within {trained}, so these runs cannot tell."
    else:
        balanced = min(on_front, key=lambda end: end.worst)
        finding = (
            f"{len(on_front)} of {len(evidence.pair.fixed)} trainings with fixed weights reach the front within "
            f"{trained}, the most balanced at the losses ({', '.join(short(loss, 3) for loss in balanced.losses)}); "
            "the middle of the front is (0.632, 0.632)."
        )
        answer = _answer([position(end) for end in on_front])
        finding += "" if answer else " They leave a part of the front empty, but none of the answers fits."
    why = (
        "A weighted sum of the losses has its minimum where a straight line touches the set of all losses that can be "
        "reached. A concave front bulges away from such lines: they touch it only near its ends. STCH minimises a "
        "smooth maximum of the losses, whose contour has a corner that reaches into the bulge.\n\n"
        f"For three heads on one neuron, the least possible loss of the worst head is {BEST:.2f}, between two of the "
        f"targets. Trained to the end, fixed weights leave at least {short(BEST_FIXED, 3)}; on the way there, the "
        f"largest loss can be lower. Each training began at {counted(settings.starts, 'start')}."
    )
    return Verdict(answer, finding, why, _table(evidence))


def _answer(positions: list[float]) -> str | None:
    """The option that holds: whether a long stretch of the front is empty, and on which side of it the ends are."""
    inside = sorted(min(max(each, -1.0), 1.0) for each in positions)
    gaps = [after - before for before, after in zip([-1.0, *inside], [*inside, 1.0], strict=True)]
    if max(gaps) <= EMPTY:
        return OPTIONS[0]
    if all(abs(each) > EMPTY for each in inside):
        return OPTIONS[1]
    return OPTIONS[2] if all(abs(each) <= EMPTY for each in inside) else None


def least_worst(ends: Iterable[End]) -> float:
    """The least loss of the worst head; NaN if every training became NaN or infinite."""
    return min((end.worst for end in ends if math.isfinite(end.worst)), default=math.nan)


def _table(evidence: Evidence) -> list[dict[str, str]]:
    pairs = zip(evidence.pair.smooth, evidence.three.smooth, strict=True)
    rows = [("fixed weights", evidence.pair.fixed, evidence.three.fixed)]
    rows += [(title_of(pair.smoothing), pair.ends, three.ends) for pair, three in pairs]
    return [
        {
            "method": title,
            "least loss of the worst head, concave front": short(least_worst(pair), 3),
            "least loss of the worst head, one neuron": short(least_worst(three), 3),
        }
        for title, pair, three in rows
    ]


def picture(evidence: Evidence) -> Bars:
    """The least loss of the worst of two heads on a concave front, with fixed weights and with STCH."""
    ways = [("fixed weights", "fixed", evidence.pair.fixed)]
    ways += [(title_of(each.smoothing), "stch", each.ends) for each in evidence.pair.smooth]
    least = [(title, key, least_worst(ends)) for title, key, ends in ways]
    bars = [Bar(title, [(loss, of_method(key))], short(loss, 3)) for title, key, loss in least]
    return Bars("Least loss of the worst of two heads on a concave front", bars)


QUESTION = Question(
    key="trade_offs",
    number=4,
    title="Can loss_weights reach every trade-off?",
    question="Two heads share a trunk, and the front of their trade-offs is concave. You train with many pairs of "
    "`loss_weights`, from several starts. Can they reach every trade-off?",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    seconds=seconds,
    test=judge,
    draw=picture,
    code=code,
    published=(Settings(),),
)
