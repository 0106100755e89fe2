import base64
import json
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from components import diagram
from components.charts.figure import Keyed
from components.diagram.plan import Focus
from tests.components.diagram.cases import HOSTILE, deep, lines, snapshot

NO_FOCUS = "Sequential and Functional have the same 16 edges into the heads"
MEAN = "mean reads all 8 neurons of the last shared layer: the same 8 edges in both styles"
DENSE_3 = "Dense neuron 3 feeds every head: 2 edges in both styles"


def page(experiment, snapshot=None, key="c"):
    import streamlit as st

    from components import diagram

    diagram.show(experiment, key=key, snapshot=snapshot)
    st.session_state["seen"] = st.session_state.get(f"{key}-focus")


def run(experiment=None, snapshot=None, **more):
    more["snapshot"] = snapshot and Keyed("a run", snapshot)
    at = AppTest.from_function(page, args=(experiment or Experiment(),), kwargs=more, default_timeout=20).run()
    assert not at.exception
    return at


def title(at):
    return at.header[0].value.replace("\\", "")


def charts(at):
    """The diagrams of the left and the right style, and the kernels."""
    return at.get("plotly_chart")


def highlighted(at, side):
    """The lit lines of a diagram, out of what is sent to the browser."""
    data = json.loads(charts(at)[side].proto.spec)["data"]
    for trace in data:
        trace |= {axis: decoded(trace[axis]) for axis in "xy"}
    return lines(go.Figure(data), lambda name: name.startswith("lit"))


def decoded(values):
    """Numbers as Plotly sends them: as bytes, or a few as a list."""
    if isinstance(values, list):
        return [np.nan if value is None else value for value in values]
    return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])


def click(at, side, customdata):
    """What the browser sends at a click on a point (read from the browser's traffic)."""
    states = at._tree.get_widget_states()
    point = {"curve_number": 6, "point_number": 1, "point_index": 1, "customdata": customdata}
    selection = {"points": [point], "point_indices": [1], "box": [], "lasso": []}
    states.widgets.append(WidgetState(id=charts(at)[side].proto.id, string_value=json.dumps({"selection": selection})))
    at._run(states)
    assert not at.exception
    return at


def test_the_finding_is_the_title_above_both_styles():
    at = run()
    assert title(at) == NO_FOCUS
    assert [chart.proto.alt for chart in charts(at)] == [
        f"Sequential: neurons and edges. {NO_FOCUS}",
        f"Functional: neurons and edges. {NO_FOCUS}",
        "Sequential: kernel (8, 2), Functional: 2 × kernel (8, 1)",
    ]
    assert "four gate weights" in at.caption[0].value
    assert "The diagram draws 136 of 336 edges" in at.caption[0].value
    assert at.session_state["seen"] is None


@pytest.mark.parametrize("side", [0, 1])
def test_a_click_on_either_side_highlights_both(side):
    at = click(run(), side, ["mean", 0])
    assert title(at) == MEAN
    assert at.selectbox[0].value == "mean:0"
    assert highlighted(at, 0) == highlighted(at, 1)
    assert len(highlighted(at, 0)) == 8 + 1
    assert at.session_state["seen"] == Focus("mean", 0)


def test_a_second_click_on_either_side_clears_the_highlight():
    at = click(click(run(), 0, ["mean", 0]), 1, ["mean", 0])
    assert title(at) == NO_FOCUS
    assert at.selectbox[0].value == ""
    assert title(click(at, 0, ["mean", 0])) == MEAN


def test_the_menu_does_the_same_as_a_click_and_the_last_choice_wins():
    at = run()
    at.selectbox[0].select("dense:2").run()
    assert title(at) == DENSE_3
    assert len(highlighted(at, 0)) == len(highlighted(at, 1)) == 2 * 2
    assert title(click(at, 1, ["mean", 0])) == MEAN
    at.selectbox[0].select("dense:2").run()
    assert title(at) == DENSE_3
    at.selectbox[0].select("").run()
    assert title(at) == NO_FOCUS


def test_the_menu_lists_every_neuron_that_can_be_highlighted():
    assert list(run().selectbox[0].options) == [
        "none",
        "mean",
        "trend",
        *(f"Dense neuron {i}" for i in range(1, 9)),
    ]


def test_a_click_on_another_point_changes_nothing():
    at = click(run(), 0, ["mean", 0])
    for found in (["lstm", 3], ["mean", 7], ["nobody", 0], ["mean"], None, "mean", [["mean"], 0]):
        assert title(click(at, 0, found)) == MEAN


@pytest.mark.parametrize("found", ["mean", Focus("nobody", 0), Focus("mean", 5), Focus("dense", -1)])
def test_a_bad_focus_in_the_session_is_ignored(found):
    at = AppTest.from_function(page, args=(Experiment(),), default_timeout=20)
    at.session_state["c-focus"] = found
    at.run()
    assert not at.exception
    assert title(at) == NO_FOCUS


def test_the_highlight_ends_when_its_neuron_is_removed():
    at = click(run(), 0, ["trend", 0])
    alone = Experiment(architecture=Architecture(heads=(Head(name="mean"),)))
    at.args = (alone,)
    at.run()
    assert not at.exception
    assert title(at) == "Sequential and Functional have the same 8 edges into the head"


def test_each_click_makes_a_new_figure_even_if_it_looks_the_same():
    """Otherwise Streamlit would restore the old selection, and the next click would only clear it."""
    at = run()
    before = charts(at)[0].proto.id
    click(click(at, 0, ["mean", 0]), 0, ["mean", 0])
    assert charts(at)[0].proto.id != before


def test_with_weights_the_title_names_the_epoch_and_the_legend_the_scale():
    experiment = Experiment()
    at = run(experiment, snapshot=snapshot(experiment, epoch=4))
    assert title(at) == f"After epoch 4: {NO_FOCUS}"
    assert "orange for negative and blue for positive" in at.caption[0].value
    assert title(run(experiment, snapshot=snapshot(experiment, epoch=0))) == f"Before training: {NO_FOCUS}"


def test_a_hostile_label_stays_text():
    at = click(run(Experiment(architecture=deep(HOSTILE))), 0, ["mean", 1])
    heading = at.header[0].value
    assert "\\<b\\>of all\\<\\/b\\>" in heading
    assert "\\[a\\]\\(b\\)" in heading
    assert "\n" not in heading
    assert "\u202e" not in heading


def test_two_diagrams_on_one_page_do_not_share_a_focus():
    def both():
        from backend.experiment import Experiment
        from components import diagram

        diagram.show(Experiment(), key="a")
        diagram.show(Experiment(), key="b")

    at = AppTest.from_function(both, default_timeout=20).run()
    at.selectbox[1].select("mean:0").run()
    assert not at.exception
    assert [heading.value.replace("\\", "") for heading in at.header] == [NO_FOCUS, MEAN]


def test_neither_streamlit_nor_weights_are_needed_to_draw():
    """The figures are pure: their files import no Streamlit."""
    files = Path(diagram.__file__).parent
    for name in (
        "figure",
        "labels",
        "pens",
        "places",
        "plan",
        "titles",
        "kernel_matrices",
        "kernel_labels",
        "kernel_side",
    ):
        assert "streamlit" not in (files / f"{name}.py").read_text().replace("Streamlit", "")
