"""The verdict on question 5, in words and as a table."""

from __future__ import annotations

import math

from backend.lab.questions.beat.compare import (
    CONFIDENCE,
    MARGIN,
    Difference,
    beyond,
    changes,
    confidence,
    delta_m,
    differences,
    equal_weights,
    reference,
    score,
)
from backend.lab.questions.beat.cost import passes
from backend.lab.questions.beat.evidence import CONTROL, Entry, Evidence
from backend.lab.questions.base import Verdict
from backend.statistics import Interval
from backend.words import listed, short

OPTIONS = (
    "yes: at least one method beats them",
    "no: at best, there is no difference",
    "no: every method is worse",
)
#: What is compared, in one sentence.
DEFINITION = (
    "Δm compares a method with the tuned fixed weights on the same test seed: it is the geometric mean, over the heads, "
    "of the method’s test loss ÷ the test loss of the tuned fixed weights, minus 1. A lower loss is better, so a "
    "negative Δm is better."
)
#: Methods that have the same direction of a step of two heads, or the same optimum, and why.
_SAME = (
    (("pcgrad", "upgrad"), "step the trunk along the same direction with two heads, and differ by a factor of 2"),
    (("imtl_g", "nash", "fairgrad"), "step the trunk along the bisector of two gradients, and differ in length"),
    (("uw", "gls"), "have the same direction once UW has found its optimum: it then minimises the mean of the "
                    "logarithms of the losses"),
)  # fmt: skip


def answer(found: tuple[Difference, ...]) -> str | None:
    """The option that holds; None where a method may be better, and these seeds cannot tell."""
    outcomes = [each.outcome for each in found]
    if "better" in outcomes:
        return OPTIONS[0]
    if "cannot tell" in outcomes:
        return None
    return OPTIONS[2] if set(outcomes) == {"worse"} else OPTIONS[1]


def judge(evidence: Evidence) -> Verdict:
    """Compare each method with the tuned fixed weights, seed by seed."""
    found, best = differences(evidence), reference(evidence)
    table = _table(evidence, found)
    if math.isinf(min(score(losses) for losses in best.tuned)):
        finding = (
            "With every fixed weighting and rate, a loss became 0, NaN or infinite in tuning, so there is nothing to "
            "compare with. Try smaller rates."
        )
        return Verdict(None, finding, _why(evidence, found), table)
    seeds = evidence.settings.seeds
    if any(math.isnan(each.median) for each in found):
        finding = (
            f"The tuned fixed weights {best.title} have a loss that became 0, NaN or infinite on a test seed, so these "
            "runs cannot tell. Try smaller rates."
        )
        return Verdict(None, finding, _why(evidence, found), table)
    parts = [f"{each.entry.title} {percent(each.median)} ({each.outcome})" for each in found]
    finding = (
        f"Against the tuned fixed weights {best.title}, the median Δm over {seeds} test seeds is {listed(parts)}; "
        "lower is better."
    )
    return Verdict(answer(found), finding, _why(evidence, found), table)


def percent(value: float) -> str:
    """A share as a signed percentage: "+3.4 %", "−12 %"; one below 0.05 % is 0."""
    if math.isnan(value):
        return "unknown"
    if math.isinf(value):
        return "infinite"
    if abs(value) < 5e-4:
        return "0 %"
    return f"{'+' if value > 0 else '−'}{short(abs(100 * value))} %"


def within(found: Interval | None) -> str:
    """An interval of shares: "−3 % to +2 %"."""
    return "none" if found is None else f"{percent(found.low)} to {percent(found.high)}"


def _why(evidence: Evidence, found: tuple[Difference, ...]) -> str:
    settings = evidence.settings
    if math.isinf(min(score(losses) for losses in reference(evidence).tuned)):
        return "\n\n".join([DEFINITION, _diverged(evidence)])
    parts = [DEFINITION, _tuning(evidence), _intervals(evidence, found), _front(evidence, found)]
    parts += [_control(found), _edges(evidence), _diverged(evidence), _one(evidence), _optimizer(evidence)]
    parts.append(
        "Others found the same or the opposite: in [Kurin et al. 2022](https://arxiv.org/abs/2201.04122) and "
        "[Royer et al. 2023](https://arxiv.org/abs/2310.08910), a tuned plain sum is on par with the methods. "
        "[Hu et al. 2023](https://arxiv.org/abs/2308.13985) disagree: there, fixed weights miss trade-offs that other "
        f"methods reach. This measurement is of one network on one set of sequences, and of {_many(settings.epochs, 'epoch')} of training."
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
        change = float(_median(delta_m(changes(equal, best)).tolist()))
        own = f" The plain sum, with equal weights, has a median Δm of {percent(change)}."
    return (
        f"Every fixed weighting and every method has the same effort: {_many(rates, 'learning rate')} × "
        f"{_many(settings.tuning, 'tuning seed')}. The rate with the least geometric mean of the losses is used. Of "
        f"{count} fixed weightings, {best.title} has the least, so it is the reference. {rate} is its learning rate. "
        f"The fixed weights therefore have {count} times the tuning of one method, as a sweep of weights needs. "
        "Tuning reads other seeds and other sequences than the test, so luck in the test chooses no weights and no "
        f"rate.{own}"
    )


def _intervals(evidence: Evidence, found: tuple[Difference, ...]) -> str:
    count, margin = len(found), f"{100 * MARGIN:.0f} %"
    each = f"{100 * confidence(evidence):.1f} %"
    several = (
        f"The {count} methods have {count} intervals, and one of many can look better by luck. So each has a "
        f"confidence of at least {each}, and all together hold with at least {100 * CONFIDENCE:.0f} % (Bonferroni)."
        if count > 1
        else f"The interval has a confidence of at least {each}."
    )
    return (
        f"An interval is of the median Δm over the test seeds (sign test). {several} “better” and “worse”: the interval "
        f"excludes 0. “no difference”: it lies within ±{margin}. “not better”: it leaves room for at most {margin} "
        "better, and for worse. “cannot tell”: it leaves room for more. The columns of single heads have no interval."
    )


def _front(evidence: Evidence, found: tuple[Difference, ...]) -> str:
    if len(evidence.settings.heads) != 2:
        better = [
            each.entry.title for each in found if all(change < 0 for change in each.heads)
        ]
        sentence = f"{listed(better)} {'has' if len(better) == 1 else 'have'}" if better else "No method has"
        return (
            f"{sentence} a lower median loss than the tuned fixed weights in every head. With more than two heads, a "
            "sweep of all weights would be too long: the fixed weightings are equal weights, and ten times the weight "
            "for one head at a time. A better one may be in between."
        )
    where: dict[str, list[str]] = {}
    for each in evidence.methods:
        where.setdefault(side(evidence, each), []).append(each.title)
    sentences = {
        "beyond": "beyond the front: both losses are lower than those of a point on it",
        "behind": "behind the front: a point on it has both losses lower",
        "cannot tell": "not clearly on one side of it",
    }
    parts = [f"{listed(where[key])} {'is' if len(where[key]) == 1 else 'are'} {sentences[key]}" for key in sentences if key in where]
    return (
        "Δm also changes where a method only trades one head for the other. The front of the fixed weights shows that: "
        "it joins the weightings that no other beats on both losses in tuning, by lines between the losses of the same "
        f"test seed. {'; '.join(parts)}. Between two weightings, the front is drawn, not measured."
    )


def side(evidence: Evidence, entry: Entry) -> str:
    """Whether the entry is "beyond" the front of the fixed weights or "behind" it; else "cannot tell"."""
    _, found = beyond(evidence, entry)
    if found is None or math.isnan(found.low) or math.isnan(found.high):
        return "cannot tell"
    return "beyond" if found.high < 0 else "behind" if found.low > 0 else "cannot tell"


def _control(found: tuple[Difference, ...]) -> str:
    control = next((each for each in found if each.entry.key == CONTROL), None)
    if control is None:
        return "RLW, the control with random weights, does not take part: a method should beat it, too."
    ahead = [each.entry.title for each in found if each is not control and each.median < control.median]
    if len(found) == 1:
        return "RLW is a control: its weights are random."
    who = listed(ahead) if ahead else "None of the other methods"
    verb = "has" if len(ahead) < 2 else "have"
    return f"RLW is the control: its weights are random. {who} {verb} a lower median Δm than RLW; no interval says by how much."


def _edges(evidence: Evidence) -> str:
    rates = sorted(evidence.settings.rates)
    titles = [each.title for each in (*evidence.fixed, *evidence.methods) if each.rate in (rates[0], rates[-1])]
    if len(rates) == 1:
        return "With a single rate, a method may win because its steps have a better length, not a better direction."
    if not titles:
        return "No entry chose the smallest or the largest rate, so the grid is wide enough for all of them."
    return f"The best rate is at an end of the grid for {listed(titles)}: beyond it may be a better one."


def _diverged(evidence: Evidence) -> str:
    parts = [
        f"{each.title} on {each.diverged} of {evidence.settings.seeds} test seeds"
        for each in (*evidence.fixed, *evidence.methods)
        if each.diverged
    ]
    return f"A loss became NaN or infinite with {listed(parts)}. For a method, such a seed counts as infinitely worse." if parts else ""


def _one(evidence: Evidence) -> str:
    if len(evidence.settings.heads) != 2:
        return ""
    titles = {each.key: each.title for each in evidence.methods}
    sentences = []
    for keys, words in _SAME:
        present = [titles[key] for key in keys if key in titles]
        if len(present) > 1:
            sentences.append(f"{listed(present)} {words}.")
    return " ".join(sentences)


def _optimizer(evidence: Evidence) -> str:
    if evidence.settings.measured().training.optimizer in ("sgd", "momentum"):
        return (
            "SGD hides no length: a method whose steps are longer acts like one with a larger rate. Rates are tuned "
            "for each, so that this alone does not decide."
        )
    return (
        "The optimizer divides each step by its running size, so a constant factor of all weights has almost no effect: "
        "it hides a difference between methods whose steps differ by such a factor."
    )


def _table(evidence: Evidence, found: tuple[Difference, ...]) -> list[dict[str, str]]:
    best, equal = reference(evidence), equal_weights(evidence)
    rows = [_row(evidence, best, None, f"fixed weights {best.title}, tuned")]
    if equal is not None and equal is not best:
        rows.append(_row(evidence, equal, None, f"fixed weights {equal.title}, the sum"))
    return [*rows, *(_row(evidence, each.entry, each, each.entry.title) for each in found)]


def _row(evidence: Evidence, entry: Entry, found: Difference | None, title: str) -> dict[str, str]:
    heads, best = evidence.settings.heads, reference(evidence)
    changed = changes(entry, best)
    row = {"method": title, "median Δm": "reference" if entry is best else percent(_median(delta_m(changed).tolist()))}
    row["interval"] = within(found.interval) if found else "–"
    row["verdict"] = found.outcome if found else "–"
    for position, head in enumerate(heads):
        losses = [each[position] for each in entry.tested]
        change = "" if entry is best else f" ({percent(_median(changed[:, position].tolist()))})"
        row[f"median loss of {head}"] = f"{short(_median(losses), 3)}{change}"
    if len(heads) == 2:
        distance, interval = beyond(evidence, entry)
        row["to the front"] = f"{percent(distance)} ({within(interval)})" if found else "–"
    row["rate"] = short(entry.rate, 3)
    row["backward passes a step"] = str(passes(entry.key, len(heads)))
    return row


def _median(values: list[float]) -> float:
    """The median, NaN where a value is."""
    ordered, n = sorted(values), len(values)
    if any(map(math.isnan, values)):
        return math.nan
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
