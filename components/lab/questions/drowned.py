"""The picture of question 1: each head's loss relative to its loss alone, for every way of combining the losses."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.lab.questions.scale.evidence import TITLES, ArmKey, Evidence
from backend.statistics import Ratio
from backend.words import short
from components.charts.axes import log_axis
from components.charts.figure import unchecked_figure
from components.theme import NEUTRAL, task_hue, translucent

#: Heads that are drawn: the one on the larger scale, and those that the sum harms most.
MOST_HEADS = 5
_ROW, _MARGIN = 24, {"l": 148, "r": 16, "t": 8, "b": 44}
_SIZE = 12


def drawn_heads(evidence: Evidence) -> list[int]:
    """The positions of the heads in the picture, in the order of the network."""
    large = evidence.settings.large
    others = sorted(evidence.others, key=evidence.harm, reverse=True)[: MOST_HEADS - 1]
    return sorted([*others, *([] if large is None else [large])])


def title(evidence: Evidence) -> str:
    """What happens to the head that the sum harms most."""
    head = evidence.worst()
    name, found = evidence.settings.heads[head], evidence.ratio("sum", head)
    if found is None:
        return f"Head {name} has no ratio: a loss became NaN, infinite or 0"
    return f"The sum leaves head {name} at {short(found.median, 3)} times its loss alone"


def picture(evidence: Evidence) -> go.Figure:
    """A row for each way and head: a dot for each seed, a bar for the interval, a diamond for the median."""
    rows = _rows(evidence)
    traces: list[dict[str, Any]] = []
    found: list[float] = []
    for row, (arm, head) in enumerate(rows):
        ratio = evidence.ratio(arm, head)
        if ratio is None:
            continue
        pairs = zip(evidence.losses(arm, head), evidence.losses("alone", head), strict=True)
        ratios = [above / below for above, below in pairs]
        found += ratios
        traces += _marks(row, evidence.settings.heads[head], ratio, ratios, task_hue(head))
    line = {
        "type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": NEUTRAL, "dash": "dash", "width": 1.5},
    }  # fmt: skip
    return unchecked_figure(
        traces,
        {
            "meta": title(evidence), "height": _ROW * len(rows) + _MARGIN["t"] + _MARGIN["b"], "margin": _MARGIN,
            "showlegend": False, "hovermode": "closest", "shapes": [line],
            "xaxis": log_axis([*found, 0.9, 1.1]) | {"title": {"text": "loss ÷ loss alone"}, "zeroline": False},
            "yaxis": {
                "range": [len(rows) - 0.4, -0.6], "tickvals": list(range(len(rows))), "zeroline": False,
                "showgrid": False, "tickfont": {"size": _SIZE}, "ticktext": [_label(evidence, *each) for each in rows],
            },
        },
    )  # fmt: skip


def _rows(evidence: Evidence) -> list[tuple[ArmKey, int]]:
    """At the visitor's scales, the loss of the head that is scaled up otherwise has another unit."""
    large = evidence.settings.large
    return [
        (arm, head)
        for arm in evidence.settings.arms[1:]
        for head in drawn_heads(evidence)
        if arm != "unscaled" or head != large
    ]


def _label(evidence: Evidence, arm: ArmKey, head: int) -> str:
    name = evidence.settings.heads[head]
    return f"{TITLES[arm]}, {name if len(name) <= 12 else name[:11] + '…'}"


def _marks(row: int, name: str, ratio: Ratio, ratios: list[float], hue: str) -> list[dict[str, Any]]:
    hover = f"{name}: %{{x:.3g}}<extra></extra>"
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "markers", "x": ratios, "y": [row] * len(ratios), "hovertemplate": hover,
            "marker": {"symbol": "circle-open", "size": 6, "color": translucent(hue, 0.6)},
        }
    ]  # fmt: skip
    if ratio.low is not None and ratio.high is not None:
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": [ratio.low, ratio.high], "y": [row, row], "hoverinfo": "skip",
                "line": {"color": hue, "width": 3},
            }
        )  # fmt: skip
    traces.append(
        {
            "type": "scatter", "mode": "markers", "x": [float(np.median(ratios))], "y": [row], "hovertemplate": hover,
            "marker": {"symbol": "diamond", "size": 10, "color": hue},
        }
    )  # fmt: skip
    return traces
