"""A figure is drawn once for all who look at the same, and what is sent of it is what was drawn."""

import numpy as np
import plotly.graph_objects as go
import pytest

from backend.experiment.architecture import Head
from components.charts import figure as chart
from components.charts.figure import SerializedFigure
from components.train import curves
from tests.builders.epochs import STYLES, epochs
from tests.builders.sequences import experiment, shown

TREND = Head(name="trend", task="trend")
FIGURES = {
    "total": curves.total(epochs(3) + epochs(2, seed=1), STYLES, log=True, before=epochs(2)),
    "task": curves.task(epochs(3), STYLES, TREND, 1, log=False),
    "sequences": shown(experiment(*map(Head.for_task, ("level", "spike", "frequency"))))[0],
    "last values": shown(experiment(Head.for_task("last")))[0],
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_unchecked_figure_passes_plotlys_validation(name):
    go.Figure(FIGURES[name].to_dict())  # raises for a property that Plotly does not know or take


def test_an_unchecked_figure_is_sent_as_plotlys_own_would_be():
    traces = [
        {"type": "scatter", "x": np.arange(3), "y": (0.5, np.nan, 2), "marker": {"color": np.array([1.0, 2.0, 3.0])}},
        {"type": "heatmap", "z": np.eye(2), "text": np.array(["a", "b"])},
    ]
    layout = {"xaxis": {"range": np.array([0.0, 1.0]), "tickvals": np.arange(2)}, "meta": "title"}
    unchecked, own = (
        SerializedFigure(made).to_dict()
        for made in (chart.unchecked_figure(traces, layout), go.Figure(traces, layout, _validate=False))
    )
    assert unchecked == own
    assert isinstance(own["data"][0]["x"], dict), "an array is sent as base64"
