"""Pictures of question 6: the change of the loss that sharing brings, and what each head takes from each part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from backend.lab.sharing.models import EXPERTS, MODELS
from backend.questions.lab.share.evidence import Change, Evidence, Runs
from backend.questions.lab.share.verdict import OPTIONS, SHOWN, covers, judge, percent, rho
from backend.words import listed, minus
from components.charts.figure import unchecked_figure
from components.theme import DIVERGING, NEUTRAL

_ROW, _GAP, _SIZE = 24, 12, 12
_LEFT, _TOP, _BOTTOM = 132, 8, 44
_TITLES = {
    OPTIONS[0]: "Hard sharing clearly lowers the loss at every relatedness",
    OPTIONS[1]: "Hard sharing clearly lowers the loss only for closely related tasks",
    OPTIONS[2]: "At every measured ρ, hard sharing lowers the median loss by less than 5 %, or not at all",
}
_ONE_LEVEL = {
    "better": "a lower loss", "worse": "a higher loss", "no difference": "no difference shown",
    "cannot tell": "no verdict",
}  # fmt: skip
#: The parts that a head of a network can take from; each of the two cross-stitch units mixes two towers.
PARTS: dict[str, tuple[str, ...]] = {
    "mmoe": tuple(f"expert {number + 1}" for number in range(EXPERTS)),
    "cgc": ("own of a", "shared", "own of b"),
    "cross_stitch": ("1: a", "1: b", "2: a", "2: b"),
}


def changes_title(evidence: Evidence) -> str:
    """The title of `changes`: whether hard sharing lowers the loss."""
    if not covers(evidence):
        each = (f"{_ONE_LEVEL[change.finding]} at {rho(change.relatedness)}" for change in evidence.changes("hard"))
        return f"Hard sharing: {listed(each)}"
    return _TITLES.get(judge(evidence).answer or "", "These runs do not show whether hard sharing lowers the loss")


def changes(evidence: Evidence) -> go.Figure:
    """Δm with its interval, a row for each network and ρ. A mark is filled if the interval excludes 0."""
    rows = [each for key in evidence.settings.keys[1:] for each in evidence.changes(key)]
    levels = len(evidence.settings.levels)
    heights = [-(i * _ROW + (i // levels) * _GAP) for i in range(len(rows))]
    known = [(each, y) for each, y in zip(rows, heights, strict=True) if each.finding != "cannot tell"]
    traces = [_bars(known)] if known else []
    ends = [end for each, _ in known for end in (each.low, each.high, 0.0)] or [-0.1, 0.1]
    low, high = min(ends), max(ends)
    room = 0.06 * (high - low or 1)
    height = -heights[-1] + 2 * _ROW
    notes = [
        {"x": 0, "xanchor": "center", "y": y, "text": "NaN or infinite", "showarrow": False, "font": {"size": _SIZE}}
        for each, y in zip(rows, heights, strict=True)
        if each.finding == "cannot tell"
    ]
    return unchecked_figure(
        traces,
        {
            "meta": changes_title(evidence), "height": height + _TOP + _BOTTOM, "showlegend": False,
            "hovermode": "closest", "margin": {"l": _LEFT, "r": 8, "t": _TOP, "b": _BOTTOM},
            "xaxis": {
                "range": [low - room, high + room], "tickformat": ".0%", "zeroline": True, "zerolinewidth": 2,
                "zerolinecolor": NEUTRAL, "title": {"text": "change of the loss (negative is better)"}, "tickangle": 0,
                "dtick": _between_ticks(high - low),
            },
            "yaxis": {
                "range": [heights[-1] - _ROW, _ROW], "tickvals": heights, "ticktext": list(map(_label, rows)),
                "showgrid": False, "zeroline": False, "tickfont": {"size": _SIZE},
            },
            "annotations": notes,
        },
    )  # fmt: skip


def _between_ticks(span: float) -> float:
    """The distance between ticks, so that at most seven are within `span`: they fit on a phone."""
    magnitude = 10.0 ** math.floor(math.log10(max(span, 1e-9) / 6))
    return next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= span / 6)


def _label(change: Change) -> str:
    title = MODELS[change.key].title
    return f"{title[0].upper()}{title[1:]}, {rho(change.relatedness)}"


def _bars(rows: Sequence[tuple[Change, float]]) -> dict[str, Any]:
    decided = [each.finding in ("better", "worse") for each, _ in rows]
    return {
        "type": "scatter", "mode": "markers", "x": [each.median for each, _ in rows], "y": [y for _, y in rows],
        "error_x": {
            "type": "data", "symmetric": False, "color": NEUTRAL, "thickness": 2, "width": 4,
            "array": [each.high - each.median for each, _ in rows],
            "arrayminus": [each.median - each.low for each, _ in rows],
        },
        "marker": {
            "size": 10, "color": NEUTRAL, "line": {"width": 2, "color": NEUTRAL},
            "symbol": ["circle" if each else "circle-open" for each in decided],
        },
        "customdata": [
            f"{_label(each)}: {percent(each.median)}<br>{percent(each.low)} to {percent(each.high)}: "
            f"{SHOWN[each.finding]}"
            for each, _ in rows
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def shares_title(key: str) -> str:
    """The title of `shares`: what the picture of a network shows."""
    if key == "mmoe":
        return "MMoE’s gates, first seed"
    return "CGC’s gates" if key == "cgc" else "Cross-stitch’s α"


def values(runs: Runs) -> list[list[float | None]]:
    """What head a and head b take from each part: of the first seed for MMoE, else the mean over the seeds.

    MMoE's experts have no order, so a mean over seeds would blend different experts. CGC's heads cannot take from
    the other head's own expert: None.
    """
    if not runs.shares:
        return []
    seeds = runs.shares[:1] if runs.key == "mmoe" else runs.shares
    first, second = ([_mean([each[head][i] for each in seeds]) for i in range(len(seeds[0][head]))] for head in (0, 1))
    if runs.key == "cgc":
        return [[first[0], first[1], None], [None, second[1], second[0]]]
    return [first, second]


def _mean(numbers: Sequence[float]) -> float | None:
    mean = sum(numbers) / len(numbers)
    return round(mean, 2) + 0.0 if math.isfinite(mean) else None


def shares(evidence: Evidence, key: str) -> go.Figure:
    """A heat map: two rows for each ρ, a column for each part."""
    table: list[list[float | None]] = []
    names = []
    for level in evidence.settings.levels:
        table += values(evidence.of(key, level))
        names += [f"a, {rho(level)}", f"b, {rho(level)}"]
    text = [["" if each is None else minus(f"{each:.2f}") for each in row] for row in table]
    most = max([abs(each) for row in table for each in row if each is not None] + [1.0])
    return unchecked_figure(
        [
            {
                "type": "heatmap", "z": table, "x": list(PARTS[key]), "y": list(range(len(table))), "text": text,
                "texttemplate": "%{text}", "colorscale": DIVERGING, "zmin": -2 * most, "zmax": 2 * most,
                "showscale": False, "hoverongaps": False, "xgap": 2, "ygap": 2,
                "hovertemplate": "%{x}: %{text}<extra></extra>",
            }
        ],
        {
            "meta": shares_title(key), "height": len(table) * _ROW + _TOP + _BOTTOM,
            "margin": {"l": 72, "r": 8, "t": _TOP, "b": _BOTTOM},
            "xaxis": {"type": "category", "fixedrange": True, "tickfont": {"size": _SIZE}, "showgrid": False},
            "yaxis": {
                "tickvals": list(range(len(table))), "ticktext": names, "autorange": "reversed", "showgrid": False,
                "zeroline": False, "tickfont": {"size": _SIZE},
            },
        },
    )  # fmt: skip
