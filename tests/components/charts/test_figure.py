"""A figure is drawn once for all who look at the same, and what is sent of it is what was drawn."""

import json
import re
import weakref

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment.architecture import Head
from components.charts import figure as chart
from components.charts.figure import Keyed, SerializedFigure
from components.train import curves, ratio
from harness.local import ROOT
from tests.components.train.run import STYLES, epochs
from tests.components.train.test_sequences import experiment, shown


def drawn_from(values, colour):
    return chart.unchecked_figure(
        [{"type": "scatter", "y": values, "line": {"color": colour}}], {"height": 99, "meta": "It"}
    )


def test_equal_arguments_are_drawn_once_and_names_identify_values():
    seen = []

    def draw(values, colour):
        seen.append((values, colour))
        return drawn_from(values, colour)

    cached_figure = chart.cached_figure(draw, size=2)
    first = cached_figure(Keyed(("run", 1), [1, 2]), "red")
    assert cached_figure(Keyed(("run", 1), [1, 2]), "red") is first
    assert cached_figure(Keyed(("run", 2), [1, 2, 3]), "red") is not first
    cached_figure(Keyed(("run", 1), [1, 2]), "blue")
    assert seen == [([1, 2], "red"), ([1, 2, 3], "red"), ([1, 2], "blue")]
    cached_figure(Keyed(("run", 1), [1, 2]), "red")
    assert len(seen) == 4, "only the last two are cached"


def test_the_cache_does_not_keep_the_values_alive():
    class Values(list):
        """A list that takes weak references."""

    values = Values([1, 2])
    reference = weakref.ref(values)
    cached_figure = chart.cached_figure(drawn_from)
    cached_figure(Keyed("run", values), "red")
    del values
    assert reference() is None


def test_a_serialized_figure_equals_the_drawn_one_and_cannot_be_changed():
    figure = drawn_from(np.array([1.0, np.nan, 3.0]), "#123456")
    serialized = SerializedFigure(figure)
    sent = serialized.to_dict()
    assert sent["data"] == json.loads(figure.to_json())["data"]
    assert (serialized.title, sent["layout"]["height"]) == ("It", 99)
    sent["data"].clear()
    assert serialized.to_dict()["data"]


def test_a_page_draws_a_serialized_figure_like_a_figure():
    def page():
        import streamlit as st

        from components.charts import figure as chart

        figure = chart.unchecked_figure([{"type": "scatter", "y": [1, 2, 3]}], {"height": 120, "meta": "A finding"})
        chart.show(figure, key="unchecked_figure", alt="a line")
        chart.show(chart.SerializedFigure(figure), key="serialized", alt="a line")
        st.text("after")

    app = AppTest.from_function(page).run()
    assert not app.exception
    unchecked_figure, serialized = app.get("plotly_chart")
    assert unchecked_figure.proto.spec == serialized.proto.spec
    assert json.loads(unchecked_figure.proto.spec)["data"] == [{"type": "scatter", "y": [1, 2, 3]}]
    assert [text.value for text in app.markdown] == ["**A finding**"] * 2


TREND = Head(name="trend", task="trend")
FIGURES = {
    "total": curves.total(epochs(3) + epochs(2, seed=1), STYLES, log=True, before=epochs(2)),
    "ratio": ratio.ratio(epochs(3) + epochs(2, seed=1), 2.0),
    "ratio without": ratio.ratio([], None),
    "task": curves.task(epochs(3), STYLES, TREND, 1, log=False),
    "sequences": shown(experiment(*map(Head.for_task, ("level", "spike", "frequency"))))[0],
    "last values": shown(experiment(Head.for_task("last")))[0],
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_unchecked_figure_passes_plotlys_validation(name):
    go.Figure(FIGURES[name].to_dict())  # raises for a property that Plotly does not know or take


@pytest.mark.parametrize("most", [1, 3, 6])
def test_an_axis_of_few_integers_has_no_ticks_at_fractions(most):
    assert curves.total(epochs(most), ("sequential", "functional"), log=False).layout.xaxis.dtick == 1
    assert curves.total(epochs(20), ("sequential", "functional"), log=False).layout.xaxis.nticks == 6


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


def test_no_template_formats_a_number_itself():
    """Plotly writes a hyphen for a minus there. In the format of an axis or a trace it writes a minus sign."""
    files = [path for path in (ROOT / "components").rglob("*.py") if "template" in path.read_text(encoding="utf-8")]
    assert files
    assert not [path.name for path in files if re.search(r"%\{+[xyz]:", path.read_text(encoding="utf-8"))]
