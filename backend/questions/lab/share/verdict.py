"""The verdict of question 6: hard sharing at each ρ; the other networks are reported beside it."""

from __future__ import annotations

import math

from backend.lab.sharing.models import MODELS
from backend.lab.sharing.problem import VALIDATION
from backend.questions.base import Verdict
from backend.questions.lab.share.evidence import BATCH, TUNING_SEEDS, Change, Evidence
from backend.words import listed, minus, short

#: "Clearly" is what an interval shows: see `answer`.
OPTIONS = (
    "yes, clearly at every relatedness",
    "yes, but clearly only for closely related tasks",
    "no, or by less than 5 % everywhere",
)
#: The question is about every relatedness, so the least one has to be this small, and the largest one this large.
LEAST, LARGEST = 0.25, 0.75
#: From this ρ on, tasks count as closely related.
CLOSE = 0.5
#: What an interval shows, in words. One that contains 0 does not show that there is no difference.
SHOWN = {
    "better": "better than separate networks", "worse": "worse", "no difference": "no difference shown",
    "cannot tell": "no verdict",
}  # fmt: skip
#: The findings that have an interval, from worst to best.
_ORDER = ("worse", "no difference", "better")
#: A gain smaller than this is as good as none: the answer is "no" if the intervals exclude a larger one.
MARGIN = 0.05

NBSP = "\u00a0"


def percent(value: float) -> str:
    """A relative change with its sign, without a line break: "−12 %". Small ones have more digits: "−0.3 %"."""
    if not math.isfinite(value):
        return "NaN or infinite"
    sign = "+" if value > 0 else "−" if value < 0 else ""
    size = abs(100 * value)
    return f"{sign}{short(size, 1) if size < 0.5 else f'{size:.0f}'}{NBSP}%"


def rho(value: float) -> str:
    """ρ as a page has it."""
    return f"ρ = {minus(f'{value:g}')}"


def judge(evidence: Evidence) -> Verdict:
    """Compare hard sharing with separate networks at each ρ; the other networks are reported beside it."""
    hard = evidence.changes("hard")
    clauses = [f"{percent(each.median)} ({_interval(each)}) at {rho(each.relatedness)}" for each in hard]
    finding = (
        f"Hard sharing changes the validation loss by {listed(clauses)}; negative is better. {_others(evidence)}"
    ).strip()
    return Verdict(answer(evidence), finding, _why(evidence, hard), _table(evidence))


def answer(evidence: Evidence) -> str | None:
    """The option that the intervals of hard sharing give; None if they cannot tell.

    A loss is clearly lower if the whole interval lies below 0, unless all intervals exclude a gain that matters.
    """
    hard = evidence.changes("hard")
    findings = [each.finding for each in hard]
    if "cannot tell" in findings or not covers(evidence):
        return None
    if all(each.low > -MARGIN for each in hard):
        return OPTIONS[2]
    if set(findings) == {"better"}:
        return OPTIONS[0]
    contrast = evidence.contrast("hard")
    closely = all(each.relatedness >= CLOSE for each in hard if each.finding == "better")
    grows = sorted(findings, key=_ORDER.index) == findings  # it never becomes worse as tasks become more related
    depends = findings[0] != "better" and findings[-1] == "better" and contrast is not None and contrast.high < 0
    return OPTIONS[1] if closely and grows and depends else None


def covers(evidence: Evidence) -> bool:
    """Whether the measured relatednesses are as different as the question needs."""
    levels = evidence.settings.levels
    return levels[0] <= LEAST and levels[-1] >= LARGEST


def _interval(change: Change) -> str:
    if change.finding == "cannot tell":
        return "no interval"
    return f"{percent(change.low)} to {percent(change.high)}"


def _others(evidence: Evidence) -> str:
    """A sentence for each other network: the ρ at which its interval lies on one side of 0."""
    sentences = []
    for key in evidence.settings.keys[2:]:
        by_finding: dict[str, list[str]] = {}
        for each in evidence.changes(key):
            by_finding.setdefault(each.finding, []).append(minus(f"{each.relatedness:g}"))
        parts = [
            f"{words} at ρ = {listed(by_finding[finding])}" for finding, words in SHOWN.items() if finding in by_finding
        ]
        title = MODELS[key].title
        sentences.append(f"{title[0].upper()}{title[1:]}: {', '.join(parts)}.")
    return " ".join(sentences)


def _why(evidence: Evidence, hard: list[Change]) -> str:
    settings = evidence.settings
    counts = settings.parameters()
    sized = listed(f"{MODELS[key].title} {count:,}" for key, count in counts.items())
    parts = [_decision(evidence, hard)]
    parts.append(
        f"All networks have nearly as many parameters ({sized}) and the same budget: at most {settings.epochs} epochs "
        f"of Adam in batches of {BATCH}. The noise of {settings.noise:g} "
        f"standard deviations is on the {settings.samples:,} training targets of each head, not on the "
        f"{VALIDATION:,} validation targets. For each network and each ρ, the rate "
        f"({listed(f'{rate:g}' for rate in sorted(settings.rates))}) and the number of epochs "
        f"are those with the lowest mean loss on {len(TUNING_SEEDS)} other seeds. Without this, a "
        "network that learns faster would look like one that shares better. The total is the "
        "sum of both losses. Two losses give a shared trunk a larger gradient. Adam hides that, as it hides any "
        "constant factor."
    )
    parts.append(
        "In the table, a loss is the mean over the seeds. Δm is computed seed by seed, and the table has its median. "
        "So it need not be the change from one mean loss to another."
    )
    parts += _edges(evidence)
    parts += _confidence(evidence)
    broken = [
        f"{MODELS[each.key].title} at {rho(each.relatedness)}"
        for each in evidence.runs
        if not all(math.isfinite(loss) for losses in each.losses for loss in losses)
    ]
    if broken:
        parts.append(f"A loss became NaN or infinite: {listed(broken)}. There is no interval for these.")
    parts += _without_relatedness(evidence)
    parts.append(
        "This is one pair of tasks. Each target is a function of one weighted sum of all values, which a small network "
        "can learn. Networks with experts have to divide the parameters among more parts, and their gates have to be "
        "learned from the same few sequences."
    )
    return "\n\n".join(parts)


def _decision(evidence: Evidence, hard: list[Change]) -> str:
    """Why the answer is what it is."""
    option = answer(evidence)
    first, last = hard[0], hard[-1]
    if option == OPTIONS[0]:
        return "At every ρ, the whole interval of hard sharing lies below 0."
    if option == OPTIONS[1]:
        contrast = evidence.contrast("hard")
        assert contrast is not None
        return (
            f"At {rho(last.relatedness)} the whole interval of hard sharing lies below 0; at {rho(first.relatedness)} "
            f"it does not. The change differs by {percent(contrast.low)} to {percent(contrast.high)} between the two, "
            "seed by seed. Related tasks need the same features, so a shared trunk learns them from both heads' "
            "targets, and the noise of the two partly averages out. Unrelated tasks only divide the trunk between them."
        )
    if option == OPTIONS[2]:
        return (
            f"At every ρ, the interval of hard sharing excludes a gain of {percent(MARGIN).lstrip('+')} or more, and "
            "a smaller gain counts as none."
        )
    if "cannot tell" in [each.finding for each in hard]:
        return "A loss of hard sharing or of the separate networks became NaN or infinite, so these runs cannot tell."
    if not covers(evidence):
        return (
            "These values of ρ do not reach far enough to answer the question. Choose one of at most "
            f"{LEAST:g} and one of at least {LARGEST:g}."
        )
    return (
        f"These runs cannot tell: some intervals of hard sharing contain both 0 and a gain of "
        f"{percent(MARGIN).lstrip('+')}, or the loss is clearly lower at a ρ below {CLOSE:g} but not at every ρ, or "
        "the change does not follow ρ. More seeds make the intervals narrower."
    )


def _edges(evidence: Evidence) -> list[str]:
    """How often the best rate is at an end of the grid, or that there are too few rates to tell."""
    rates = sorted(evidence.settings.rates)
    at_end = sum(each.rate in (rates[0], rates[-1]) for each in evidence.runs)
    if len(rates) == 1:
        return ["There is a single rate, so a difference may also come from how well it suits each network."]
    if len(rates) == 2:
        return ["There are only two rates, so a difference may also come from how well they suit each network."]
    if not at_end:
        return []
    return [
        f"In {at_end} of the {len(evidence.runs)} pairs of a network and a ρ, the best rate is the smallest or the "
        "largest one. A better one may lie beyond it, so a difference may also come from the rate."
    ]


def _confidence(evidence: Evidence) -> list[str]:
    """What the intervals are, and how likely one of them is to mislead."""
    changes = [each for key in evidence.settings.keys[1:] for each in evidence.changes(key)]
    known = [each.confidence for each in changes if math.isfinite(each.confidence)]
    if not known:
        return []
    least, chance = math.floor(1000 * min(known)) / 10, min(1.0, sum(1 - each for each in known))
    return [
        f"The confidence of each of the {len(known)} intervals is at least {least:g}{NBSP}%, over "
        f"{evidence.settings.seeds} paired seeds: a seed has the same sequences, batches and noise in every network. "
        "If no network differed from the separate ones, at least one interval would still exclude 0 with a "
        f"probability of up to {short(100 * chance)}{NBSP}%."
    ]


def _without_relatedness(evidence: Evidence) -> list[str]:
    """Which networks gain even at ρ = 0, if any: relatedness does not explain that."""
    if evidence.settings.levels[0] > 0:
        return []
    gaining = [key for key in evidence.settings.keys[1:] if evidence.changes(key)[0].finding == "better"]
    if not gaining:
        return []
    titles = listed(MODELS[key].title for key in gaining)
    sentence = (
        f"Better at ρ = 0, too: {titles}. There the two targets come from uncorrelated sums, so related tasks do not "
        "explain this gain."
    )
    if "cross_stitch" in gaining:
        own, other = evidence.of("cross_stitch", 0.0).stitched()
        sentence += (
            f" In cross-stitch a head takes {short(other)} of the other tower and {short(own)} of its own: the mean "
            "size of α over units and seeds. These factors also rescale what a tower passes on, and that alone can "
            "change how it trains. The measurement cannot separate the two."
        )
    return [sentence]


def _loss(value: float) -> str:
    return f"{value:.3f}" if 0.1 <= value < 100 else short(value, 3)


def _table(evidence: Evidence) -> list[dict[str, str]]:
    counts = evidence.settings.parameters()
    rows = []
    for key in evidence.settings.keys:
        changes = {each.relatedness: each for each in evidence.changes(key)} if key != "separate" else {}
        for level in evidence.settings.levels:
            runs = evidence.of(key, level)
            change = changes.get(level)
            rows.append(
                {
                    "network": f"{MODELS[key].title}, {rho(level)}",
                    "parameters": f"{counts[key]:,}",
                    "rate": f"{runs.rate:g}",
                    "epochs": f"{runs.epochs}",
                    "mean loss, head a": _loss(runs.mean(0)),
                    "mean loss, head b": _loss(runs.mean(1)),
                    "median Δm": percent(change.median) if change else "",
                    "interval": _interval(change) if change else "",
                    "Δm, head a": percent(change.heads[0]) if change else "",
                    "Δm, head b": percent(change.heads[1]) if change else "",
                }
            )
    return rows
