"""Question 4 on its page: the settings, and the ends on the concave front."""

from __future__ import annotations

from backend.questions.lab.trade_offs import TradeOffEvidence
from components.charts import figure as chart
from components.lab.questions import fronts

_pair = chart.cached_figure(fronts.pair, 32)


def show(evidence: TradeOffEvidence, moment: float) -> None:
    """Draw the picture."""
    chart.show(_pair(chart.Keyed((evidence.settings, moment), evidence)), key="lab.front", alt=fronts.PAIR)
