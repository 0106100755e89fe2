"""The reasons beside the verdict on question 5, in Markdown, and what else to know."""

from __future__ import annotations

import math

from backend.experiment.optimizers import OPTIMIZERS, Cancels
from backend.questions.lab.beat.compare import (
    CONFIDENCE,
    MARGIN,
    Difference,
    changes,
    confidence,
    delta_m,
    equal_weights,
    median,
    reference,
    score,
    side,
    vertices,
)
from backend.questions.lab.beat.evidence import CONTROL, Evidence
from backend.questions.lab.beat.words import percent
from backend.words import counted, listed, short

#: What is compared, in one sentence. The page shows it above the pictures.
DEFINITION = (
    "Δm compares a method with the tuned fixed weights on the same test seed: it is the geometric mean, over the "
    "heads, of the method’s test loss ÷ the test loss of the tuned fixed weights, minus 1. A lower loss is better, so "
    "a negative Δm is better."
)
#: Methods whose steps have the same direction with two heads, or that have the same optimum, and why.
_EQUIVALENT = (
    (("pcgrad", "upgrad"), "step the trunk along almost the same direction, and differ by a factor of 2"),
    (("imtl_g", "nash", "fairgrad"), "step the trunk along the bisector of two gradients, and differ in length"),
    (("uw", "gls"), "have the same direction once UW has found its optimum: it then minimises the mean of the "
                    "logarithms of the losses"),
)  # fmt: skip


def why(evidence: Evidence, comparisons: tuple[Difference, ...]) -> str:
    """How it was tuned and compared, what else explains the result, and what others found."""
    if math.isinf(min(score(losses) for losses in reference(evidence).tuned)):
        return _diverged(evidence) or "No ratio can be computed with a loss that is 0, NaN or infinite."
    parts = [_tuning(evidence), _intervals(evidence, comparisons), _front(evidence, comparisons)]
    parts += [
        _control(comparisons),
        _edges(evidence),
        _diverged(evidence),
        _equivalent_methods(evidence),
        _optimizer(evidence),
    ]
    parts.append(
        "Research does not agree. In [Kurin et al. 2022](https://arxiv.org/abs/2201.04122), the plain sum of the "
        "losses is as good as the methods or better, with the regularisation that single tasks use. In [Hu et al. "
        "2023](https://arxiv.org/abs/2308.13985), fixed weights miss trade-offs that other methods reach. This "
        f"measurement is of one network on one set of sequences, after {counted(evidence.settings.epochs, 'epoch')} of "
        "training."
    )
    if evidence.settings.problem == "related":
        # Ten variants of the trunk, the inputs, the noise, ρ and the rates were measured before this one was chosen.
        parts.append(
            "The problem is not a typical one. It was chosen among about ten because its intervals are narrow; on most "
            "of the others, these methods gave “cannot tell”."
        )
    return "\n\n".join(part for part in parts if part)


def _tuning(evidence: Evidence) -> str:
    settings, best = evidence.settings, reference(evidence)
    rates, count = len(settings.rates), len(evidence.fixed)
    rate = f"The rate {short(best.rate, 3)}" if rates > 1 else f"The only rate, {short(best.rate, 3)},"
    equal = equal_weights(evidence)
    own = ""
    if equal is best:
        own = " The tuned fixed weights are equal weights: the plain sum."
    elif equal is not None:
        change = median(delta_m(changes(equal, best)))
        own = f" The plain sum, with equal weights, has a median Δm of {percent(change)}."
    return (
        f"Every fixed weighting and every method has the same effort: {counted(rates, 'learning rate')} × "
        f"{counted(settings.tuning, 'tuning seed')}. The rate with the least geometric mean of the losses is used. Of "
        f"{count} fixed weightings, {best.title} has the least, so it is the reference. {rate} is its learning rate. "
        f"The fixed weights therefore have {count} times the tuning of one method, as a sweep of weights needs. "
        "Tuning uses other seeds and other sequences than the test, so no weights and no rate are chosen by luck in "
        f"the test.{own}"
    )


def _intervals(evidence: Evidence, comparisons: tuple[Difference, ...]) -> str:
    count, margin = len(comparisons), f"{100 * MARGIN:.0f} %"
    each = f"{100 * confidence(evidence):.1f} %"
    several = (
        f"The {count} methods have {count} intervals, and one of many can look better by luck. So each has a "
        f"confidence of at least {each}, and all together hold with at least {100 * CONFIDENCE:.0f} % (Bonferroni)."
        if count > 1
        else f"The interval has a confidence of at least {each}."
    )
    unknown = any(each.outcome == "cannot tell" for each in comparisons)
    more = " More test seeds make the intervals narrower, and so may longer training." if unknown else ""
    return (
        f"Each interval is that of the median Δm over the test seeds (sign test). {several} “better” and “worse”: the "
        f"interval excludes 0. “no difference”: it lies within ±{margin}. “not better”: the method may be worse, "
        f"or better by at most {margin}. “cannot tell”: it may be better by more. The columns of single heads have no "
        "interval. The change in parentheses is the median of the seeds’ changes, which need not be the change of the "
        f"median loss.{more}"
    )


def _front(evidence: Evidence, comparisons: tuple[Difference, ...]) -> str:
    if len(evidence.settings.heads) != 2:
        better = [each.entry.title for each in comparisons if all(change < 0 for change in each.heads)]
        sentence = f"{listed(better)} {'has' if len(better) == 1 else 'have'}" if better else "No method has"
        return (
            f"{sentence} a lower median loss than the tuned fixed weights in every head. With more than two heads, a "
            "sweep of all weights would be too long: the fixed weightings are equal weights, and ten times the weight "
            "for one head at a time. A better one may be in between."
        )
    by_side: dict[str, list[str]] = {}
    for each in evidence.methods:
        by_side.setdefault(side(evidence, each), []).append(each.title)
    sentences = {
        "beyond": "beyond the front",
        "behind": "behind the front",
        "cannot tell": "not clearly on one side of it",
    }
    parts = [
        f"{listed(by_side[key])} {'is' if len(by_side[key]) == 1 else 'are'} {sentences[key]}"
        for key in sentences
        if key in by_side
    ]
    front = vertices(evidence)
    alone = f" Here, the front is one point, {front[0].title}." if len(front) == 1 else ""
    return (
        "Δm also changes if a method only trades one head for the other. The front of the fixed weights shows that: "
        f"it joins the weightings that no other beats on both losses in tuning.{alone} {'; '.join(parts)}. A method is "
        "beyond the front if both its losses are clearly lower than those of one weighting, chosen by tuning, and if "
        "at least one of its losses is clearly lower against each other weighting of the front. It is behind the front "
        "if both its losses are clearly higher than those of one weighting, also chosen by tuning. The intervals show "
        "whether a difference is clear. Between two weightings, the front is drawn, not measured, so a method between "
        "them is on no side."
    )


def _control(comparisons: tuple[Difference, ...]) -> str:
    control = next((each for each in comparisons if each.entry.key == CONTROL), None)
    if control is not None and math.isnan(control.median):
        return ""
    if control is None:
        return "RLW, the control with random weights, does not take part here. A method should beat it, too."
    ahead = [each.entry.title for each in comparisons if each is not control and each.median < control.median]
    if len(comparisons) == 1:
        return "RLW is a control: its weights are random."
    who = listed(ahead) if ahead else "None of the other methods"
    verb = "has" if len(ahead) < 2 else "have"
    return (
        f"RLW is the control: its weights are random. {who} {verb} a lower median Δm than RLW. Methods are not "
        "compared with each other by an interval."
    )


def _edges(evidence: Evidence) -> str:
    rates = sorted(evidence.settings.rates)
    titles = [each.title for each in (*evidence.fixed, *evidence.methods) if each.rate in (rates[0], rates[-1])]
    if len(rates) == 1:
        return "With a single rate, a method may win because its steps have a better length, not a better direction."
    if not titles:
        return "No entry chose the smallest or the largest rate, so the grid is wide enough for all of them."
    return f"For {listed(titles)}, the best rate is at an end of the grid. A better one may lie beyond it."


def _diverged(evidence: Evidence) -> str:
    parts = [
        f"{each.title} on {each.diverged} of {evidence.settings.seeds} test seeds"
        for each in (*evidence.fixed, *evidence.methods)
        if each.diverged
    ]
    return (
        f"A loss became NaN or infinite with {listed(parts)}. For a method, such a seed counts as infinitely worse."
        if parts
        else ""
    )


def _equivalent_methods(evidence: Evidence) -> str:
    if len(evidence.settings.heads) != 2:
        return ""
    titles = {each.key: each.title for each in evidence.methods}
    sentences = []
    for keys, words in _EQUIVALENT:
        present = [titles[key] for key in keys if key in titles]
        if len(present) > 1:
            sentences.append(f"{listed(present)} {words}.")
    return " ".join(sentences)


def _optimizer(evidence: Evidence) -> str:
    optimizer = OPTIMIZERS[evidence.settings.measured_experiment().training.optimizer]
    if not isinstance(optimizer.scaling, Cancels):
        return (
            f"{optimizer.title} hides no length: a method whose steps are longer acts like one with a larger rate. "
            "Each rate is tuned, so the length of the steps alone does not decide."
        )
    return (
        f"{optimizer.scaling.clause(optimizer.title)}, so a constant factor of all weights has almost no effect: it "
        "hides a difference between methods whose steps differ by such a factor."
    )
