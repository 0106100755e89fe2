"""The pictures of each question's evidence, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from backend.lab.problems import PROBLEMS, concave_front
from backend.lab.sharing.models import EXPERTS
from backend.questions.lab import beat, conflict, scale, share, trade_offs, unstuck
from backend.questions.lab.base import rho
from backend.questions.pictures import Picture, Table, of_method
from backend.words import fixed
from components.charts.plane import Plane, Points

#: The mark of a method, by its position. Methods differ in colour, too.
_SYMBOLS = "◆■▲★✚▼⬟✦"
_FIXED = of_method("fixed")
#: Points of a contour along each axis. Of the points of a front, one in `_FRONT` is drawn.
_GRID, _FRONT = 36, 10
#: The parts that a head of a network can take from; each of the two cross-stitch units mixes two towers.
_PARTS: dict[str, tuple[str, ...]] = {
    "mmoe": tuple(f"expert {number + 1}" for number in range(EXPERTS)),
    "cgc": ("own of a", "shared", "own of b"),
    "cross_stitch": ("1: a", "1: b", "2: a", "2: b"),
}
_SHARES = {"mmoe": "MMoE’s gates, first seed", "cgc": "CGC’s gates", "cross_stitch": "Cross-stitch’s α"}


def of_scale(evidence: scale.ScaleEvidence) -> list[Picture | Plane]:
    """Each head's loss relative to what it reaches alone."""
    return [scale.picture(evidence)]


def of_conflict(evidence: conflict.ConflictEvidence) -> list[Picture | Plane]:
    """The conflict rate by relatedness or by pair, and by epoch."""
    return [conflict.picture(evidence), conflict.by_epoch(evidence)]


def of_unstuck(evidence: unstuck.UnstuckEvidence) -> list[Picture | Plane]:
    """For each method, its path from every start over the contour of the mean loss."""
    problem = PROBLEMS[evidence.settings.problem]
    assert problem.window is not None
    assert problem.front is not None
    front = Points(_rounded(problem.front()[:, ::_FRONT].T), width=6)
    mean = problem.contour(_GRID)[2]
    ranks: np.ndarray = np.argsort(np.argsort(mean, axis=None)) / mean.size  # so that it shows valleys at every height
    ground = ranks.round(2).reshape(mean.shape).tolist()
    starts = [f"{start + 1}" for start in range(len(evidence.starts))]
    found: list[Picture | Plane] = []
    for runs in evidence.runs:
        colour = of_method(runs.key)
        ends = [_end(path) for path in runs.paths]
        points = [front, *(Points(path, colour) for path in runs.paths)]
        points.append(Points(evidence.starts, colour, "○", texts=starts))
        for symbol, arrived in (("●", True), ("✕", False)):
            which = [start for start in range(len(starts)) if (start in runs.reached) == arrived]
            points.append(Points([ends[start] for start in which], colour, symbol))
        title = f"{runs.title}: {len(runs.reached)} of {len(starts)} arrive"
        found.append(Plane(title, points, window=problem.window, ground=ground))
    return found


def _end(path: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The last finite point of a path."""
    return [point for point in path if all(map(math.isfinite, point))][-1]


def of_trade_offs(evidence: trade_offs.TradeOffEvidence) -> list[Picture | Plane]:
    """Both losses of two heads at the end of each training, with the front."""
    on_front = trade_offs.arrived(evidence)
    others = [end for end in evidence.fixed if end not in on_front]
    line = _rounded(concave_front.concave_front(concave_front.concave_front_points(61)).T)
    points = [
        Points(line, name="the front", width=5),
        Points([end.losses for end in on_front], _FIXED, "○", "fixed weights"),
        Points([end.losses for end in others], _FIXED, "✕", "fixed weights, not on the front"),
    ]
    for symbol, each in zip(_SYMBOLS, evidence.smooth, strict=False):
        name = trade_offs.title_of(each.smoothing)
        points.append(Points([end.losses for end in each.ends], of_method("stch"), symbol, name))
    title = "Losses of two heads at the end of each training"
    limits = (-0.04, 1.12)  # they hold every end that has arrived
    return [Plane(title, points, ("loss of head A", "loss of head B"), window=(limits, limits))]


def of_beat(evidence: beat.BeatEvidence) -> list[Picture | Plane]:
    """The losses of every entry beside those of the fixed weights, and Δm with its intervals."""
    return [_front(evidence), beat.picture(evidence)]


def _front(evidence: beat.BeatEvidence) -> Plane:
    best, front = beat.reference(evidence), beat.vertices(evidence)
    beaten = [each for each in evidence.fixed if each not in front]
    open_ones = [each for each in front if each is not best]
    points = [Points([_typical(each) for each in front], _FIXED)]
    for entries, symbol, name in (
        (open_ones, "○", "fixed weights"), ([best], "●", "the tuned ones"),
        (beaten, "✕", "beaten in tuning"),
    ):  # fmt: skip
        places, titles = [_typical(each) for each in entries], [each.title for each in entries]
        points.append(Points(places, _FIXED, symbol, name, titles))
    for i, each in enumerate(evidence.methods):
        symbol = _SYMBOLS[i % len(_SYMBOLS)]
        points.append(Points([_typical(each)], of_method(each.key), symbol, each.short_title))
    names = ("test loss of a", "test loss of b")
    return Plane("Test losses, geometric means over the seeds: lower is better", points, names, log=True)


def _typical(entry: beat.Entry) -> tuple[float, ...]:
    """The geometric mean of each head's losses over the test seeds."""
    with np.errstate(all="ignore"):
        return tuple(np.exp(np.log(np.array(entry.tested, float)).mean(axis=0)).tolist())


def of_share(evidence: share.ShareEvidence) -> list[Picture | Plane]:
    """The change of the loss for each network, and what each head takes from each part of those that mix."""
    keys = [key for key in evidence.settings.keys if key in _PARTS]
    return [share.picture(evidence), *(Table(_shares(evidence, key)) for key in keys)]


def _shares(evidence: share.ShareEvidence, key: str) -> list[dict[str, str]]:
    """What both heads take from each part, for each ρ: of the first seed for MMoE, else the mean over the seeds.

    MMoE's experts have no order, so a mean over seeds would blend different experts. CGC's heads cannot take from
    the other head's own expert.
    """
    rows = []
    for level in evidence.settings.levels:
        seeds = evidence.of(key, level).shares
        for head, name in enumerate("ab"):
            means = np.mean([each[head] for each in (seeds[:1] if key == "mmoe" else seeds)], axis=0).tolist()
            if key == "cgc":
                means = [math.nan, *means[::-1]] if head else [*means, math.nan]
            cells = {
                part: fixed(mean, 2) if math.isfinite(mean) else ""
                for part, mean in zip(_PARTS[key], means, strict=True)
            }
            rows.append({_SHARES[key]: f"{name}, {rho(level)}", **cells})
    return rows


def _rounded(points: np.ndarray) -> list[tuple[float, ...]]:
    return [tuple(point) for point in points.round(3).tolist()]
