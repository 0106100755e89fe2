"""The verdict of question 1: each head that is not scaled up, relative to its loss alone."""

from __future__ import annotations

import numpy as np

from backend.experiment.optimizers import RULES
from backend.lab.problems.kendall_toy import LINES
from backend.questions.base import Verdict
from backend.questions.lab.scale.evidence import (
    FACTOR,
    METHODS,
    TITLES,
    ArmKey,
    Evidence,
)
from backend.statistics.intervals import CONFIDENCE, Ratio
from backend.words import counted, listed, short

#: A loss that is less than this multiple of another one counts as equal, as in the other questions.
TELLS = 1.05
#: The names of the ways of training in a sentence.
_NAMES: dict[ArmKey, str] = {**TITLES, "alone": "a head alone", "sum": "the sum", "unscaled": "the sum at your scales"}

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
    settings, head = evidence.settings, evidence.worst()
    name, drowned = settings.heads[head], _drowned_heads(evidence)
    rule = RULES[settings.optimizer]
    after = f"After {counted(settings.epochs, 'epoch')} of {rule} at a rate of {short(settings.rate, 3)}"
    with_sum = evidence.ratio("sum", head)
    if with_sum:
        parts = [f"{after}, head `{name}` ends with the sum at {_ratio_text(with_sum)} times its loss alone."]
    else:
        parts = [f"{after}: {_no_ratio_sentence(evidence, head)}"]
    parts += [effect for method in METHODS if (effect := _effect_sentences(evidence, method, head))]
    if len(drowned) > 1:
        names = listed(f"`{settings.heads[each]}`" for each in drowned)
        parts.append(f"The sum drowns the heads {names}. A method has to bring all of them down.")
    if any(evidence.ratio(arm, head) for arm in ("sum", *METHODS)):
        parts.append(
            f"Each number is the median over {settings.seeds} seeds, with its {CONFIDENCE:.0%} interval in "
            "parentheses. A ratio is taken seed by seed, so its median need not be the ratio of two medians."
        )
    answer = _answer(evidence)
    if answer is None:
        parts.append("These runs cannot tell which answer is right.")
    return Verdict(answer, " ".join(parts), _why(evidence), _table(evidence))


def _drowned_heads(evidence: Evidence) -> list[int]:
    """The heads whose whole interval lies at least `TELLS` times above their loss alone."""
    ratios = {head: evidence.ratio("sum", head) for head in evidence.others}
    return [head for head, ratio in ratios.items() if ratio and ratio.low is not None and ratio.low >= TELLS]


def _answer(evidence: Evidence) -> str | None:
    """The option that the intervals give; None if they leave it open."""
    drowned = _drowned_heads(evidence)
    if drowned:
        helping = (method for method in METHODS if all(_brings_down(evidence, method, head) for head in drowned))
        return _BY_METHODS[tuple(helping)]
    ratios = [evidence.ratio("sum", head) for head in evidence.others]
    fine = all(ratio and ratio.high is not None and ratio.high < TELLS for ratio in ratios)
    return OPTIONS[0] if fine else None


def _brings_down(evidence: Evidence, method: ArmKey, head: int) -> bool:
    """Whether the interval of a head's loss lies below that with the sum."""
    ratio = evidence.ratio(method, head, below="sum")
    return ratio is not None and ratio.verdict == "faster"


def _effect_sentences(evidence: Evidence, method: ArmKey, head: int) -> str:
    """What a method does to the head that the sum harms most, and which others it makes worse, in a sentence or two."""
    title, against = TITLES[method], evidence.ratio(method, head, below="sum")
    end = evidence.ratio(method, head)
    if end is None:
        return "" if _is_finite(evidence, method, head) else f"With {title}, it becomes NaN or infinite."
    does = {"faster": "brings it down to", "slower": "raises it to", "within noise": "shows no clear difference:"}
    if against:
        sentence = f"{title} {does[against.verdict]} {_ratio_text(end)}."
    else:
        sentence = f"With {title}, it ends at {_ratio_text(end)} times its loss alone."
    harmed = []
    for other, name in enumerate(evidence.settings.heads):
        more = evidence.ratio(method, other, below="sum")
        if other != head and more and more.low is not None and more.low >= TELLS and evidence.ratio("sum", other):
            ends = [_ratio_text(evidence.ratio(arm, other)) for arm in (method, "sum")]
            harmed.append(f"head `{name}` ends at {ends[0]} times its loss alone, against {ends[1]} with the sum")
    but = "Also," if against and against.verdict == "slower" else "But"
    return f"{sentence} {but} {listed(harmed)}." if harmed else sentence


def _no_ratio_sentence(evidence: Evidence, head: int) -> str:
    """Why a head has no ratio with the sum, in a sentence."""
    name = evidence.settings.heads[head]
    if not _is_finite(evidence, "sum", head):
        return f"with the sum, the loss of head `{name}` becomes NaN or infinite."
    alone = "is 0" if _is_finite(evidence, "alone", head) else "becomes NaN or infinite"
    return f"the loss of head `{name}` alone {alone}, so no loss is compared with it."


def _is_finite(evidence: Evidence, arm: ArmKey, head: int) -> bool:
    return bool(np.isfinite(evidence.losses(arm, head)).all())


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


def _why(evidence: Evidence) -> str:
    settings = evidence.settings
    parts = [
        "In the sum, a loss on a larger scale has a longer gradient, so its head can decide most of the trunk's step."
    ]
    if settings.problem == "own":
        parts.append(_control_sentences(evidence))
    parts.append(_uncertainty_sentences(evidence))
    parts.append(
        "GradNorm lengthens the gradient of a head that lags behind. It measures how far a head is by its loss ÷ its "
        "first loss. A head whose loss cannot fall further, because its targets are noisy, always counts as lagging."
    )
    if _answer(evidence) == OPTIONS[4]:
        parts.append(
            "If no weighting brings a head down, the cause may be that it shares the trunk, and not the scale."
        )
    parts.append(_optimizer(evidence))
    lost = [arm.key for arm in evidence.arms if not np.isfinite(arm.losses).all()]
    if lost:
        parts.append(
            f"A loss became NaN or infinite with {listed(_NAMES[arm] for arm in lost)}. There is no ratio with such a "
            "loss. Try a smaller learning rate."
        )
    return "\n\n".join(parts)


def _control_sentences(evidence: Evidence) -> str:
    """Whether the scale or the shared trunk is the cause: the sum at the visitor's own scales."""
    settings, head = evidence.settings, evidence.worst()
    assert settings.large is not None
    large, name = settings.heads[settings.large], settings.heads[head]
    factor = f"The targets of head `{large}` are multiplied by {FACTOR:g}."
    with_it, without_it = (_is_finite(evidence, arm, head) for arm in ("sum", "unscaled"))
    if not without_it:
        return f"{factor} Even without that factor, a loss of head `{name}` becomes NaN or infinite with the sum."
    if not with_it:
        return f"{factor} A loss of head `{name}` becomes NaN or infinite with the sum, but not without that factor."
    more = evidence.ratio("sum", head, below="unscaled")
    caused = more is not None and more.verdict == "slower"
    rest = "The factor causes the rest." if caused else "These runs do not show that the factor makes it worse."
    if evidence.ratio("unscaled", head) is None:
        return factor
    return (
        f"{factor} Without that factor, head `{name}` ends with the "
        f"sum at {_ratio_text(evidence.ratio('unscaled', head))} times its loss alone. {rest}"
    )


def _uncertainty_sentences(evidence: Evidence) -> str:
    medians = np.median(np.array(evidence.sigmas), axis=0)
    of_heads = zip(medians, evidence.settings.heads, strict=True)
    learned = listed(f"{short(float(sigma), 3)} for head `{name}`" for sigma, name in of_heads)
    noise = ""
    if evidence.settings.problem == "kendall":
        noise = (
            f" The noise of the targets has the standard deviations {listed(f'{each:g}' for *_, each in LINES)}. A "
            "network that fits some of the noise has a smaller loss, and so a smaller σ."
        )
    return (
        "UW divides each loss by a learned variance σ². The optimizer moves σ from 1 towards the square root of the "
        f"loss, which takes many steps if that is far away. At the end, σ is {learned} (medians).{noise}"
    )


def _optimizer(evidence: Evidence) -> str:
    if evidence.settings.optimizer == "adam":
        return (
            "Adam divides the gradient of each weight by its running size. So the size of the total loss has almost no "
            "effect on the length of a step. In the trunk, the direction of a step depends on the scales. The head on "
            "the larger scale has a longer way to its targets, with steps of the same length."
            f"{_large_head_sentence(evidence)} Try plain SGD to see steps whose length depends on the scales, too."
        )
    return (
        "With plain SGD, a method changes the length of the steps, too: UW weights a loss by 1 ÷ 2σ², so a head "
        "takes shorter steps as its σ grows. A part of each difference may be step length. Adam hides that part."
    )


def _large_head_sentence(evidence: Evidence) -> str:
    """How far the head on the larger scale has come, with and without the factor; empty if its loss cannot tell."""
    settings, large = evidence.settings, evidence.settings.large
    if settings.problem != "own" or large is None or settings.experiment.architecture.heads[large].loss != "mse":
        return ""  # the squared error alone is multiplied by the square of the factor
    if not all(_is_finite(evidence, arm, large) for arm in ("sum", "unscaled")):
        return ""
    with_it, without_it = (float(np.median(evidence.losses(arm, large))) for arm in ("sum", "unscaled"))
    return (
        f" Divided by {FACTOR:g}², the loss of head `{settings.heads[large]}` with the sum is "
        f"{short(with_it / FACTOR**2, 3)}. Without the factor it is {short(without_it, 3)} (medians)."
    )


def _table(evidence: Evidence) -> list[dict[str, str]]:
    sigmas, rows = np.median(np.array(evidence.sigmas), axis=0), []
    for head, name in enumerate(evidence.settings.heads):
        scale = " (larger scale)" if head == evidence.settings.large else ""
        rows.append(
            {
                "head": name + scale,
                "median loss alone": short(float(np.median(evidence.losses("alone", head))), 3),
                **{f"{TITLES[arm]} ÷ alone": _cell(evidence, arm, head) for arm in evidence.settings.arms[1:]},
                "σ of UW": short(float(sigmas[head]), 3),
            }
        )
    return rows


def _cell(evidence: Evidence, arm: ArmKey, head: int) -> str:
    """A ratio of the table. Unscaled, the head on the larger scale has another unit, and so no ratio."""
    return "–" if arm == "unscaled" and head == evidence.settings.large else _ratio_text(evidence.ratio(arm, head))
