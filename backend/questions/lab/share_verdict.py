"""Question 6, what it says: hard sharing at each ρ; the other networks are in the table beside it."""

from __future__ import annotations

from backend.lab.sharing.models import MODELS
from backend.lab.sharing.problem import VALIDATION
from backend.questions.base import Verdict
from backend.questions.lab.base import Question
from backend.questions.lab.share import BATCH, TUNING_SEEDS, Change, Evidence, Settings, code, seconds
from backend.questions.lab.words import CANNOT_TELL, MARGIN, MARKS, RHO, capital, ends, percent, rho, with_interval
from backend.questions.pictures import Readings, Reference, Spread
from backend.words import short

#: "Clearly" is what an interval shows: see `_answer`.
OPTIONS = (
    "yes, clearly at every relatedness",
    "yes, but clearly only for closely related tasks",
    "no, or by less than 5 % everywhere",
)
#: The question is about every relatedness, so the least one has to be this small, and the largest one this large.
LEAST, LARGEST = 0.25, 0.75
#: From this ρ on, tasks count as closely related.
CLOSE = 0.5
#: The findings that have an interval, from worst to best.
_ORDER = ("worse", "no difference", "better")


def judge(evidence: Evidence) -> Verdict:
    """Compare hard sharing with separate networks at each ρ."""
    changes, answer = evidence.changes("hard"), _answer(evidence)
    least, most = (
        f"{with_interval(each.median, each.interval)} at {rho(each.relatedness)}" for each in (changes[0], changes[-1])
    )
    finding = f"Hard sharing changes the validation loss by {least}, and by {most}; negative is better."
    if not covers(evidence):
        finding += (
            " These values of ρ do not reach far enough, so these runs cannot tell. Choose one of at most "
            f"{LEAST:g} and one of at least {LARGEST:g}."
        )
    elif answer is None:
        finding += CANNOT_TELL
    return Verdict(answer, finding, _why(evidence), _table(evidence))


def _answer(evidence: Evidence) -> str | None:
    """The option that the intervals of hard sharing give; None if they cannot tell.

    A loss is clearly lower if the whole interval lies below 0, unless all intervals exclude a gain that matters.
    """
    hard = evidence.changes("hard")
    findings = [each.finding for each in hard]
    if "cannot tell" in findings or not covers(evidence):
        return None
    if all(each.interval and each.interval.low > -MARGIN for each in hard):
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


def _why(evidence: Evidence) -> str:
    settings = evidence.settings
    changes = [each for key in settings.keys[1:] for each in evidence.changes(key)]
    known = [1 - each.interval.confidence for each in changes if each.interval]
    parts = [
        "Related tasks need the same features, so a shared trunk can learn them from both heads' targets, and the "
        "noise of the two partly averages out. Unrelated tasks only divide the trunk between them.",
        f"Each network has at most {settings.epochs} epochs of Adam in batches of {BATCH}; for each network and each "
        f"ρ, the rate and the number of epochs are those with the lowest mean loss on {len(TUNING_SEEDS)} other seeds. "
        f"The noise of {settings.noise:g} standard deviations is on the {settings.samples:,} training targets of each "
        f"head, not on the {VALIDATION:,} validation targets. Δm is the mean over both heads of the relative change, "
        "seed by seed, and the table has its median with its interval. This is one pair of tasks.",
    ]
    if known:
        parts.append(
            f"If no network differed from the separate ones, at least one of the {len(known)} intervals would still "
            f"exclude 0 with a probability of up to {short(100 * min(1.0, sum(known)))}\u00a0%."
        )
    return "\n\n".join(parts)


def _table(evidence: Evidence) -> list[dict[str, str]]:
    counts, rows = evidence.settings.parameters(), []
    for key in evidence.settings.keys:
        for change in evidence.changes(key):
            runs, compared = evidence.of(key, change.relatedness), key != "separate"
            bounds = change.interval
            row = {
                "network": label(change),
                "parameters": f"{counts[key]:,}",
                "rate": f"{runs.rate:g}",
                "epochs": f"{runs.epochs}",
                "mean loss, head a": short(runs.mean(0), 3),
                "mean loss, head b": short(runs.mean(1), 3),
            }
            own = {
                "median Δm": percent(change.median),
                "interval": f"{percent(bounds.low)} to {percent(bounds.high)}" if bounds else "no interval",
                "Δm, head a": percent(change.heads[0]),
                "Δm, head b": percent(change.heads[1]),
            }
            rows.append(row | (own if compared else dict.fromkeys(own, "")))
    return rows


def label(change: Change) -> str:
    """The network and its ρ."""
    return f"{capital(MODELS[change.key].title)}, {rho(change.relatedness)}"


def picture(evidence: Evidence) -> Spread:
    """A row for each network and relatedness: the change of the loss against separate networks, by seed."""
    rows = []
    for key in evidence.settings.keys[1:]:
        for change in evidence.changes(key):
            seeds = [sum(heads) / 2 for heads in evidence.differences(key, change.relatedness)]
            rows.append(Readings(label(change), seeds, "", *ends(change.interval)))
    title = "Change of the validation loss against separate networks: negative is better"
    gated = {"mmoe", "cgc"} & {*evidence.settings.keys}
    about = " MMoE and CGC learn for each head how much it takes from each of several small networks." if gated else ""
    return Spread(title, rows, Reference(0.0, "separate"), "percent", note=f"{MARKS} {RHO}{about}")


QUESTION = Question(
    key="share",
    number=6,
    title="Should these heads share?",
    question="Two heads learn a pair of tasks from few, noisy sequences. How closely the tasks are related can be set. "
    "A network with a shared trunk has as many parameters as two separate networks. Does it have the lower "
    "validation loss? A difference of less than 5 % everywhere counts as none.",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    seconds=seconds,
    test=judge,
    draw=picture,
    code=code,
    needs="Keras and NumPy",
    published=(Settings(),),
)
