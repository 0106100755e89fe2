"""The verdict on question 5, and its table."""

from __future__ import annotations

import math

from backend.questions.base import Verdict
from backend.questions.lab.beat.compare import (
    Difference,
    changes,
    delta_m,
    differences,
    equal_weights,
    median,
    reference,
    score,
    side,
)  # fmt: skip
from backend.questions.lab.beat.cost import passes
from backend.questions.lab.beat.evidence import Entry, Evidence
from backend.questions.lab.beat.why import why
from backend.questions.lab.beat.words import interval_text, percent
from backend.words import listed, short

OPTIONS = (
    "yes: at least one method beats them",
    "no: at best, there is no difference",
    "no: every method is worse",
)


def answer(comparisons: tuple[Difference, ...]) -> str | None:
    """The option that holds; None if a method may be better and these seeds cannot tell."""
    outcomes = [each.outcome for each in comparisons]
    if "better" in outcomes:
        return OPTIONS[0]
    if "cannot tell" in outcomes:
        return None
    return OPTIONS[2] if set(outcomes) == {"worse"} else OPTIONS[1]


def judge(evidence: Evidence) -> Verdict:
    """Compare each method with the tuned fixed weights, seed by seed."""
    comparisons, best = differences(evidence), reference(evidence)
    table = _table(evidence, comparisons)
    if math.isinf(min(score(losses) for losses in best.tuned)):
        finding = (
            "With every fixed weighting and rate, a loss became 0, NaN or infinite in tuning, so there is nothing to "
            "compare with. Try smaller rates."
        )
        return Verdict(None, finding, why(evidence, comparisons), table)
    seeds = evidence.settings.seeds
    if any(math.isnan(each.median) for each in comparisons):
        finding = (
            f"The tuned fixed weights {best.title} have a loss that became 0, NaN or infinite on a test seed, so these "
            "runs cannot tell. Try smaller rates."
        )
        return Verdict(None, finding, why(evidence, comparisons), table)
    parts = [f"{each.entry.title} {percent(each.median)} ({each.outcome})" for each in comparisons]
    finding = (
        f"Against the tuned fixed weights {best.title}, the median Δm over {seeds} test seeds is {listed(parts)}; "
        "lower is better."
    )
    return Verdict(answer(comparisons), finding, why(evidence, comparisons), table)


def _table(evidence: Evidence, comparisons: tuple[Difference, ...]) -> list[dict[str, str]]:
    best, equal = reference(evidence), equal_weights(evidence)
    rows = [_row(evidence, best, None, f"fixed weights {best.title}, tuned")]
    if equal is not None and equal is not best:
        rows.append(_row(evidence, equal, None, f"fixed weights {equal.title}, the sum"))
    return [*rows, *(_row(evidence, each.entry, each, each.entry.title) for each in comparisons)]


def _row(evidence: Evidence, entry: Entry, comparison: Difference | None, title: str) -> dict[str, str]:
    heads, best = evidence.settings.heads, reference(evidence)
    changed = changes(entry, best)
    row = {"method": title, "median Δm": "reference" if entry is best else percent(median(delta_m(changed)))}
    row["interval"] = interval_text(comparison.interval) if comparison else "–"
    row["verdict"] = comparison.outcome if comparison else "–"
    for position, head in enumerate(heads):
        losses = [each[position] for each in entry.tested]
        change = "" if entry is best else f" ({percent(median(changed[:, position].tolist()))})"
        row[f"median loss of {head}"] = f"{short(median(losses), 3)}{change}"
    if len(heads) == 2:
        row["side of the front"] = side(evidence, entry) if comparison else "–"
    row["rate"] = short(entry.rate, 3)
    row["backward passes a step"] = str(passes(entry.key, len(heads)))
    return row
