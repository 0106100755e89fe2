"""The verdict of question 1: each head that is not scaled up, relative to its loss alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.lab.problems.kendall_toy import LINES
from backend.lab.questions.base import Verdict
from backend.lab.questions.scale.evidence import (
    FACTOR,
    METHODS,
    TITLES,
    ArmKey,
    Evidence,
    Settings,
)
from backend.statistics import Ratio
from backend.words import listed, short

#: A loss that is less than this multiple of the loss alone does not count as drowned.
TELLS = 1.1

_SHOWN: tuple[ArmKey, ...] = ("sum", *METHODS)
#: In a sentence.
_NAMES: dict[ArmKey, str] = {**TITLES, "alone": "a head alone", "sum": "the sum", "unscaled": "the sum at your scales"}

OPTIONS = (
    "no: each of them ends below it, or less than 10 % above",
    "yes, and UW or GradNorm brings it down",
    "yes, and neither UW nor GradNorm brings it down",
)
DROWNED = (
    "A head is drowned if it ends with a larger loss on the training data than it reaches alone: in the same network, "
    "with as many steps at the same learning rate, but with no loss except its own. The median has to be at least 10 % "
    "larger, and its interval has to exclude an equal loss."
)


def judge(evidence: Evidence) -> Verdict:
    """Compare each head that is not on the larger scale with what it reaches alone."""
    settings, head = evidence.settings, evidence.worst()
    name = settings.heads[head]
    rule = "Adam" if settings.optimizer == "adam" else "plain SGD"
    said = [f"{_said(evidence.ratio(arm, head))} with {_NAMES[arm]}" for arm in _SHOWN]
    epochs = f"{settings.epochs:,} {'epoch' if settings.epochs == 1 else 'epochs'}"
    finding = (
        f"After {epochs} of {rule} at a rate of {short(settings.rate, 3)}, head `{name}` ends at this multiple of its "
        f"loss alone: {listed(said)}. These are medians of {settings.seeds} seeds with their intervals."
    )
    answer = _answer(evidence)
    if answer is None:
        finding += " These runs cannot tell which answer is right."
    return Verdict(answer, finding, _why(evidence), _table(evidence))


def _answer(evidence: Evidence) -> str | None:
    """The option that the intervals give; None where they leave it open."""
    found = {head: evidence.ratio("sum", head) for head in evidence.others}
    drowned = [head for head, ratio in found.items() if ratio and ratio.verdict == "slower" and ratio.median >= TELLS]
    if not drowned:
        fine = all(ratio and ratio.high is not None and ratio.high < TELLS for ratio in found.values())
        return OPTIONS[0] if fine else None
    helped = [_helps(evidence, method, drowned) for method in METHODS]
    if True in helped:
        return OPTIONS[1]
    return OPTIONS[2] if None not in helped else None


def _helps(evidence: Evidence, method: ArmKey, heads: Sequence[int]) -> bool | None:
    """Whether each of the heads ends below its loss with the sum; None where these runs cannot tell."""
    ratios = [evidence.ratio(method, head, below="sum") for head in heads]
    if all(ratio and ratio.verdict == "faster" for ratio in ratios):
        return True
    if any(ratio is None or (ratio.low is not None and ratio.low > 1 / TELLS) for ratio in ratios):
        return False
    return None


def _said(ratio: Ratio | None) -> str:
    """A ratio with its interval, in few characters."""
    if ratio is None:
        return "NaN or infinite"
    if ratio.low is None or ratio.high is None:
        return _digits(ratio.median)
    return f"{_digits(ratio.median)} ({_digits(ratio.low)} to {_digits(ratio.high)})"


def _digits(value: float) -> str:
    """Three significant digits, also where the last ones are 0: 1.00."""
    return f"{value:#.3g}".removesuffix(".") if 0.001 <= value < 999.5 else short(value, 3)


def _why(evidence: Evidence) -> str:
    settings = evidence.settings
    parts = [
        "In the sum, a loss has a longer gradient on a larger scale, so its head can decide most of the trunk's step."
    ]
    if settings.problem == "own":
        parts.append(_control(evidence))
    parts.append(_uncertainty(evidence))
    parts.append(
        "GradNorm lengthens the gradient of a head that lags behind. It measures how far a head is by its loss ÷ its "
        "first loss. A head whose loss cannot fall further, because its targets are noisy, counts as lagging for good."
    )
    if _answer(evidence) == OPTIONS[2]:
        parts.append(
            "Where no weighting brings a head down, the cause may be that it shares the trunk, and not the scale."
        )
    parts.append(_optimizer(settings))
    lost = [arm.key for arm in evidence.arms if not np.isfinite(arm.losses).all()]
    if lost:
        parts.append(
            f"A loss became NaN or infinite with {listed(_NAMES[arm] for arm in lost)}. There is no ratio with such a "
            "loss. Try a smaller learning rate."
        )
    return "\n\n".join(parts)


def _control(evidence: Evidence) -> str:
    """Whether the scale or the shared trunk is the cause: the sum at the visitor's own scales."""
    settings, head = evidence.settings, evidence.worst()
    assert settings.large is not None
    large, name = settings.heads[settings.large], settings.heads[head]
    factor = f"The targets of head `{large}` are multiplied by {FACTOR:g}."
    with_it, without_it = (np.isfinite(evidence.losses(arm, head)).all() for arm in ("sum", "unscaled"))
    if not without_it:
        return f"{factor} Also without that factor, the sum gives a NaN or infinite loss of head `{name}`."
    if not with_it:
        return f"{factor} A loss of head `{name}` becomes NaN or infinite with the sum, but not without that factor."
    more = evidence.ratio("sum", head, below="unscaled")
    caused = more is not None and more.verdict == "slower"
    rest = (
        "The factor is the cause of the rest." if caused else "These runs do not show that the factor makes it worse."
    )
    return (
        f"{factor} Without that factor, head `{name}` ends with the "
        f"sum at {_said(evidence.ratio('unscaled', head))} times its loss alone. {rest}"
    )


def _uncertainty(evidence: Evidence) -> str:
    found = np.median(np.array(evidence.sigmas), axis=0)
    of_heads = zip(found, evidence.settings.heads, strict=True)
    learned = listed(f"{short(float(sigma), 3)} for head `{name}`" for sigma, name in of_heads)
    noise = ""
    if evidence.settings.problem == "kendall":
        noise = (
            f" The noise of the targets has the standard deviations {listed(f'{each:g}' for *_, each in LINES)}. A "
            "network that fits some of the noise has a smaller loss, and so a smaller σ."
        )
    return (
        "UW divides each loss by a learned variance σ². The optimizer moves σ from 1 towards the square root of the "
        f"loss, which takes many steps where that is far away. At the end, σ is {learned} (medians).{noise}"
    )


def _optimizer(settings: Settings) -> str:
    if settings.optimizer == "adam":
        return (
            "Adam divides the gradient of each weight by its running size. So the size of the total loss "
            "has almost no effect on the length of a step, and the weights of the head itself learn as fast on every "
            "scale. Only the direction of the trunk's step depends on the scales. Try plain SGD to see the rest."
        )
    return (
        "With plain SGD, a method changes the length of the steps, too: UW weights a loss by 1 ÷ 2σ², so a head "
        "takes shorter steps as its σ grows. A part of each difference may be step length. Adam hides that part."
    )


def _table(evidence: Evidence) -> list[dict[str, str]]:
    sigmas, rows = np.median(np.array(evidence.sigmas), axis=0), []
    for head, name in enumerate(evidence.settings.heads):
        scale = " (larger scale)" if head == evidence.settings.large else ""
        rows.append(
            {
                "head": name + scale,
                "loss alone": short(float(np.median(evidence.losses("alone", head))), 3),
                **{f"{TITLES[arm]} ÷ alone": _cell(evidence, arm, head) for arm in evidence.settings.arms[1:]},
                "σ of UW": short(float(sigmas[head]), 3),
            }
        )
    return rows


def _cell(evidence: Evidence, arm: ArmKey, head: int) -> str:
    """At the visitor's scales, the loss of the head that is scaled up otherwise has another unit."""
    return "–" if arm == "unscaled" and head == evidence.settings.large else _said(evidence.ratio(arm, head))
