"""Pictures of question 6: what each head takes from each part."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from backend.lab.sharing.models import EXPERTS
from backend.questions.lab.base import rho
from backend.questions.lab.share import ShareEvidence, ShareRuns
from backend.words import minus
from components.charts.figure import unchecked_figure
from components.theme import DIVERGING

_ROW, _SIZE = 24, 12
_TOP, _BOTTOM = 8, 44
#: The parts that a head of a network can take from; each of the two cross-stitch units mixes two towers.
PARTS: dict[str, tuple[str, ...]] = {
    "mmoe": tuple(f"expert {number + 1}" for number in range(EXPERTS)),
    "cgc": ("own of a", "shared", "own of b"),
    "cross_stitch": ("1: a", "1: b", "2: a", "2: b"),
}


def shares_title(key: str) -> str:
    """The title of `shares`: what the picture of a network shows."""
    if key == "mmoe":
        return "MMoE’s gates, first seed"
    return "CGC’s gates" if key == "cgc" else "Cross-stitch’s α"


def values(runs: ShareRuns) -> list[list[float | None]]:
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


def shares(evidence: ShareEvidence, key: str) -> go.Figure:
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
