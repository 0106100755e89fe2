"""The picture of each question of the Lab: its evidence in rows that can be compared at a glance."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from backend.lab.sharing.models import MODELS
from backend.questions.lab import trade_offs, trade_offs_evidence
from backend.questions.lab.beat.compare import differences, reference
from backend.questions.lab.beat.evidence import Evidence as BeatEvidence
from backend.questions.lab.conflict.evidence import Evidence as ConflictEvidence
from backend.questions.lab.conflict.evidence import Series, mean_of, spread
from backend.questions.lab.scale.evidence import TITLES, ArmKey
from backend.questions.lab.scale.evidence import Evidence as ScaleEvidence
from backend.questions.lab.share.evidence import Evidence as ShareEvidence
from backend.questions.lab.share.verdict import rho
from backend.questions.lab.unstuck import Evidence as UnstuckEvidence
from backend.questions.pictures import (
    Bar,
    Bars,
    Picture,
    Readings,
    Reference,
    Spread,
    of_method,
    of_task,
    on_dial,
)
from backend.words import listed, short

#: What the marks of a row are.
_MARKS = "Each dot is one seed. The bar shows where the median may lie."
_RHO = "ρ says how related the tasks are: 0 not at all, 1 the same task."
#: The most heads of question 1 that are drawn: the one on the larger scale, and those that the sum harms most.
MOST_HEADS = 5
#: The most pairs of question 2 that are drawn: those that conflict most often.
MOST_PAIRS = 6


def scale(evidence: ScaleEvidence) -> Spread:
    """A row for each way of combining the losses and each head: its loss relative to its loss alone, by seed."""
    rows, names = [], _shortened(evidence.settings.heads)
    for arm, head in _drawn_rows(evidence):
        ratio, ratios = evidence.ratio(arm, head), list[float]()
        if ratio is not None:
            pairs = zip(evidence.losses(arm, head), evidence.losses("alone", head), strict=True)
            ratios = [above / below for above, below in pairs]
        ends = (ratio.low, ratio.high) if ratio else (None, None)
        label = f"{TITLES[arm]}, {names[head]}"
        rows.append(Readings(label, ratios, of_task(head), *ends))
    about = "Loss of each head ÷ its loss when it is trained alone"
    return Spread(_scale_title(evidence), rows, Reference(1.0, "alone"), about=about, note=_MARKS)


def scale_heads(evidence: ScaleEvidence) -> list[int]:
    """The positions of the heads in the picture of question 1, in the order of the network."""
    large = evidence.settings.large
    others = sorted(evidence.others, key=evidence.harm, reverse=True)[: MOST_HEADS - 1]
    return sorted([*others, *([] if large is None else [large])])


def _drawn_rows(evidence: ScaleEvidence) -> list[tuple[ArmKey, int]]:
    """The way of combining losses and the head of each row.

    With the unscaled sum, the head on the larger scale has another unit, so it has no row.
    """
    arms, large = evidence.settings.arms[1:], evidence.settings.large
    return [(arm, head) for arm in arms for head in scale_heads(evidence) if arm != "unscaled" or head != large]


def _scale_title(evidence: ScaleEvidence) -> str:
    """What happens to the head that the sum harms most."""
    head = evidence.worst()
    name, ratio = evidence.settings.heads[head], evidence.ratio("sum", head)
    if ratio is None:
        return f"Head {name} has no ratio: a loss became NaN, infinite or 0"
    return f"The sum leaves head {name} at {short(ratio.median, 3)} times its loss alone"


def conflict(evidence: ConflictEvidence) -> Spread:
    """A row for each relatedness or pair: the share of the batches in which two heads conflict, by seed."""
    rows = _rows(evidence, "rates")
    note = _conflict_note(evidence)
    return Spread("Share of the batches in conflict", rows, Reference(0.5, "half"), "percent", note=note)


def cosines(evidence: ConflictEvidence) -> Spread:
    """The same rows with the cosine between the gradients. Below 0 they conflict."""
    rows, note = _rows(evidence, "cosines"), _conflict_note(evidence)
    return Spread("Cosine between the gradients", rows, Reference(0.0, "90°"), "linear", note=note)


def _conflict_note(evidence: ConflictEvidence) -> str:
    return f"{_MARKS} {_RHO}" if evidence.settings.dial else _MARKS


def drawn_series(evidence: ConflictEvidence) -> list[Series]:
    """The series that are drawn: every relatedness in order, or the pairs that conflict most often."""
    if evidence.settings.dial:
        return sorted(evidence.series, key=lambda each: each.rho or 0.0)
    return sorted(evidence.series, key=lambda each: -_level(each.of_seeds("rates")))[:MOST_PAIRS]


def colour(evidence: ConflictEvidence, row: int) -> str:
    """The colour of a row: by its place on the dial, or by the position of its pair."""
    return on_dial(row / max(len(evidence.series) - 1, 1)) if evidence.settings.dial else of_task(row)


def _rows(evidence: ConflictEvidence, what: Literal["rates", "cosines"]) -> list[Readings]:
    heads = list(dict.fromkeys(head for series in evidence.series for head in series.heads))
    rows, names = [], dict(zip(heads, _shortened(heads), strict=True))
    for row, series in enumerate(drawn_series(evidence)):
        values = series.of_seeds(what)
        interval = spread(values)
        label = series.label if series.rho is not None else ", ".join(names[head] for head in series.heads)
        ends = (interval.low, interval.high) if interval else (None, None)
        rows.append(Readings(label, values, colour(evidence, row), *ends))
    return rows


def unstuck(evidence: UnstuckEvidence) -> Bars:
    """From how many starts each method reaches the front."""
    count = len(evidence.starts)
    bars = [
        Bar(runs.title, [(len(runs.reached), of_method(runs.key))], f"{len(runs.reached)} of {count}")
        for runs in evidence.runs
    ]
    return Bars(f"Starts, of {count}, from which a method reaches the front", bars)


def trade_offs_picture(evidence: trade_offs_evidence.Evidence) -> Bars:
    """The least loss of the worst of two heads on a concave front, with fixed weights and with STCH."""
    ways = [("fixed weights", "fixed", evidence.pair.fixed)]
    ways += [(trade_offs.title_of(each.smoothing), "stch", each.ends) for each in evidence.pair.smooth]
    bars = []
    for title, key, ends in ways:
        least = min((end.worst for end in ends if math.isfinite(end.worst)), default=math.nan)
        bars.append(Bar(title, [(least, of_method(key))], short(least, 3)))
    return Bars("Least loss of the worst of two heads on a concave front", bars)


def beat(evidence: BeatEvidence) -> Spread:
    """A row for each method: Δm against the tuned fixed weights, by test seed."""
    rows = []
    for each in differences(evidence):
        ends = (each.interval.low, each.interval.high) if each.interval else (None, None)
        rows.append(Readings(each.entry.short_title, each.seeds, of_method(each.entry.key), *ends))
    about = f"Change of the losses (Δm) against the tuned fixed weights {reference(evidence).title}: negative is better"
    return Spread(_beat_title(evidence), rows, Reference(0.0, "fixed weights"), "percent", about, _MARKS)


def _beat_title(evidence: BeatEvidence) -> str:
    """Which methods are better than the tuned fixed weights."""
    groups: dict[str, list[str]] = {}
    for each in differences(evidence):
        groups.setdefault(each.outcome, []).append(each.entry.short_title)
    best = reference(evidence).title
    if better := groups.get("better"):
        return f"{listed(better)} {'beats' if len(better) == 1 else 'beat'} the tuned fixed weights {best}"
    if unknown := groups.get("cannot tell"):
        return f"No method is clearly better than the tuned fixed weights {best}; open: {listed(unknown)}"
    return f"No method beats the tuned fixed weights {best}"


def share(evidence: ShareEvidence) -> Spread:
    """A row for each network and relatedness: the change of the loss against separate networks, by seed."""
    rows = []
    for key in evidence.settings.keys[1:]:
        for change in evidence.changes(key):
            seeds = [sum(heads) / 2 for heads in evidence.differences(key, change.relatedness)]
            title = MODELS[key].title
            label = f"{title[0].upper()}{title[1:]}, {rho(change.relatedness)}"
            finite = math.isfinite(change.low + change.high)
            rows.append(Readings(label, seeds, "", *((change.low, change.high) if finite else (None, None))))
    title = "Change of the validation loss against separate networks: negative is better"
    gated = " MMoE and CGC learn for each head how much it takes from each of several small networks."
    note = f"{_MARKS} {_RHO}{gated if {'mmoe', 'cgc'} & {*evidence.settings.keys} else ''}"
    return Spread(title, rows, Reference(0.0, "separate"), "percent", note=note)


#: The picture of each question by its key.
PICTURES: dict[str, Callable[[Any], Picture]] = {
    "scale": scale,
    "conflict": conflict,
    "unstuck": unstuck,
    "trade_offs": trade_offs_picture,
    "beat": beat,
    "share": share,
}


def _shortened(names: Sequence[str]) -> list[str]:
    """The names, long ones cut; all in full if two of them would become equal."""
    cut = [name if len(name) <= 12 else name[:11] + "…" for name in names]
    return cut if len({*cut}) == len(cut) else [*names]


def _level(values: Sequence[float]) -> float:
    mean = mean_of(tuple(values))
    return mean if np.isfinite(mean) else -1.0
