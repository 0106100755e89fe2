"""Question 1, what it says: is one head drowned by scale, and which method brings it down?"""

from __future__ import annotations

import numpy as np

from backend.experiment import Experiment
from backend.experiment.optimizers import RULES
from backend.questions.base import Verdict
from backend.questions.lab.base import Question
from backend.questions.lab.scale import FACTOR, METHODS, ArmKey, Evidence, Settings, code, refuse, seconds
from backend.questions.lab.words import CANNOT_TELL, MARGIN, MARKS, shortened
from backend.questions.pictures import Readings, Reference, Spread, of_task
from backend.statistics.intervals import CONFIDENCE, Ratio
from backend.words import counted, short

TITLES: dict[ArmKey, str] = {"unscaled": "Sum at your scales", "sum": "Sum", "uw": "UW", "gradnorm": "GradNorm"}
#: A loss that is less than this multiple of another one counts as equal.
TELLS = 1 + MARGIN
#: The most heads that are drawn: the one on the larger scale, and those that the sum harms most.
MOST_DRAWN = 5
#: The last four are in the order of `_BY_METHODS`.
OPTIONS = (
    "no: each of them ends below it, or less than 5 % above",
    "yes, and UW alone clearly brings it down",
    "yes, and GradNorm alone clearly brings it down",
    "yes, and both clearly bring it down",
    "yes, and neither clearly brings it down",
)
_BY_METHODS: dict[tuple[ArmKey, ...], str] = dict(
    zip((("uw",), ("gradnorm",), ("uw", "gradnorm"), ()), OPTIONS[1:], strict=True)
)
DROWNED = (
    "A head is drowned if it ends with a larger loss on the training data than it reaches alone: in the same network, "
    "with as many steps at the same learning rate, but with no loss except its own. Its whole interval has to lie at "
    "least 5 % above. A method clearly brings it down if its whole interval lies below the loss with the sum."
)


def judge(evidence: Evidence) -> Verdict:
    """Compare each head that is not on the larger scale with what it reaches alone."""
    settings, head, answer = evidence.settings, evidence.worst(), _answer(evidence)
    name, with_sum = f"`{settings.heads[head]}`", evidence.ratio("sum", head)
    after = f"After {counted(settings.epochs, 'epoch')} of {RULES[settings.optimizer]} at a rate of "
    after += short(settings.rate, 3)
    if with_sum:
        finding = f"{after}, head {name} ends with the sum at {_ratio_text(with_sum)} times its loss alone."
    else:
        finding = f"{after}, a loss of head {name} became NaN, infinite or 0, so it is compared with nothing."
    why = [
        "In the sum, a loss on a larger scale has a longer gradient, so its head can decide most of the trunk's step. "
        "UW divides each loss by a variance that it learns. GradNorm lengthens the gradient of a head whose loss falls "
        "more slowly than those of the others.",
        _length_of_steps(settings),
        f"A ratio is taken seed by seed. Each is the median over {settings.seeds} seeds, with its {CONFIDENCE:.0%} "
        "interval in parentheses.",
    ]
    if settings.problem == "own" and settings.large is not None:
        why.insert(1, f"The targets of head `{settings.heads[settings.large]}` are multiplied by {FACTOR:g}.")
    return Verdict(answer, finding + ("" if answer else CANNOT_TELL), "\n\n".join(why), _table(evidence))


def _length_of_steps(settings: Settings) -> str:
    if settings.optimizer == "adam":
        return (
            "Adam divides the gradient of each weight by its running size. So the scale of the total loss has almost "
            "no effect on the length of a step, but the scales of the heads decide its direction in the trunk."
        )
    return "With plain SGD, a method changes the length of the steps, too, which may be a part of each difference."


def _answer(evidence: Evidence) -> str | None:
    """The option that the intervals give; None if they leave it open."""
    ratios = {head: evidence.ratio("sum", head) for head in evidence.others}
    drowned = [head for head, ratio in ratios.items() if ratio and ratio.low is not None and ratio.low >= TELLS]
    if drowned:
        helping = (method for method in METHODS if all(_brings_down(evidence, method, head) for head in drowned))
        return _BY_METHODS[tuple(helping)]
    fine = all(ratio and ratio.high is not None and ratio.high < TELLS for ratio in ratios.values())
    return OPTIONS[0] if fine else None


def _brings_down(evidence: Evidence, method: ArmKey, head: int) -> bool:
    """Whether the interval of a head's loss lies below that with the sum."""
    ratio = evidence.ratio(method, head, below="sum")
    return ratio is not None and ratio.verdict == "faster"


def _ratio_text(ratio: Ratio | None) -> str:
    """A ratio with its interval, in few characters."""
    if ratio is None:
        return "NaN or infinite"
    if ratio.low is None or ratio.high is None:
        return _three_digits(ratio.median)
    return f"{_three_digits(ratio.median)} ({_three_digits(ratio.low)} to {_three_digits(ratio.high)})"


def _three_digits(value: float) -> str:
    """Three significant digits, also if the last ones are 0: 1.00; more if it would read as `TELLS`: 1.049."""
    if not 0.001 <= value < 999.5:
        return short(value, 3)
    digits = next((more for more in range(3, 17) if float(f"{value:.{more}g}") != TELLS), 3)
    return f"{value:#.{digits if value != TELLS else 3}g}".removesuffix(".")


def _table(evidence: Evidence) -> list[dict[str, str]]:
    sigmas, large, rows = np.median(np.array(evidence.sigmas), axis=0), evidence.settings.large, []
    for head, name in enumerate(evidence.settings.heads):
        ratios = {f"{TITLES[arm]} ÷ alone": _cell(evidence, arm, head) for arm in evidence.settings.arms[1:]}
        rows.append(
            {
                "head": name + (" (larger scale)" if head == large else ""),
                "median loss alone": short(float(np.median(evidence.losses("alone", head))), 3),
                **ratios,
                "σ of UW": short(float(sigmas[head]), 3),
            }
        )
    return rows


def _cell(evidence: Evidence, arm: ArmKey, head: int) -> str:
    """A ratio of the table. Unscaled, the head on the larger scale has another unit, and so no ratio."""
    return "–" if arm == "unscaled" and head == evidence.settings.large else _ratio_text(evidence.ratio(arm, head))


def picture(evidence: Evidence) -> Spread:
    """A row for each way of combining the losses and each head: its loss relative to its loss alone, by seed.

    With the unscaled sum, the head on the larger scale has another unit, so it has no row.
    """
    rows, names, large = [], shortened(evidence.settings.heads), evidence.settings.large
    for arm in evidence.settings.arms[1:]:
        for head in drawn_heads(evidence):
            if arm == "unscaled" and head == large:
                continue
            ratio, ratios = evidence.ratio(arm, head), list[float]()
            if ratio is not None:
                pairs = zip(evidence.losses(arm, head), evidence.losses("alone", head), strict=True)
                ratios = [above / below for above, below in pairs]
            ends = (ratio.low, ratio.high) if ratio else (None, None)
            rows.append(Readings(f"{TITLES[arm]}, {names[head]}", ratios, of_task(head), *ends))
    head, about = evidence.worst(), "Loss of each head ÷ its loss when it is trained alone"
    name, with_sum = evidence.settings.heads[head], evidence.ratio("sum", head)
    title = f"Head {name} has no ratio: a loss became NaN, infinite or 0"
    if with_sum:
        title = f"The sum leaves head {name} at {short(with_sum.median, 3)} times its loss alone"
    return Spread(title, rows, Reference(1.0, "alone"), about=about, note=MARKS)


def drawn_heads(evidence: Evidence) -> list[int]:
    """The positions of the heads in the picture, in the order of the network."""
    large = evidence.settings.large
    others = sorted(evidence.others, key=evidence.harm, reverse=True)[: MOST_DRAWN - 1]
    return sorted([*others, *([] if large is None else [large])])


QUESTION = Question(
    key="scale",
    number=1,
    title="Is one head drowned by scale?",
    question="The losses of several heads are added up, and one loss is on a far larger scale than the others. Does a "
    "head on a smaller scale end 5 % or more above the loss that it reaches alone? UW and GradNorm weight the losses. "
    "Which of them clearly brings it down?",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    seconds=seconds,
    test=judge,
    draw=picture,
    code=code,
    refuse=refuse,
    needs="Keras and NumPy",
    published=(
        Settings(),
        Settings(optimizer="adam", rate=0.003),
        Settings(problem="own", optimizer="adam", rate=0.003, epochs=10).on(Experiment()),
    ),
)
