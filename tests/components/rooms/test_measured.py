"""What a room shows of a run that all share: trained by a worker, the verdict apart."""

from __future__ import annotations

import pytest

from backend.network.layer_graph import LayerBox, LayerGraph
from backend.topologies.graphs import recorded
from components.rooms import graphs
from tests.components.rooms.measured_steps import LESSONS, check


def shared(step):
    return step.block.run == "shared"


@pytest.mark.jobs
@pytest.mark.takes("a worker trains a run for each question of a lesson")
@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(each, id=each.id, marks=[] if each.id == "factor-of-two" else [pytest.mark.soak])
        for each in LESSONS
        if any(map(shared, each.steps))
    ],
)
def test_each_question_about_a_run_has_a_picture_and_its_verdict_comes_later(workers, lesson):
    """`tests/backend/investigations/test_in_rooms.py` has the questions about what is measured otherwise."""
    check(lesson, shared)


def test_a_graph_of_many_layers_lies_on_a_wall_and_each_kind_has_a_colour():
    drawn = graphs.graph(recorded()["residual"], "Residual", "wall")
    width, height = drawn["area"]
    assert width > 4 * height
    colours = dict(drawn["legend"])
    assert len({*colours.values()}) == len(colours)
    assert all(box["colour"] == colours[box["kind"]] for box in drawn["boxes"])
    assert all(0 <= box["x"] <= width and 0 <= box["y"] <= height for box in drawn["boxes"])


def test_a_layer_graph_keeps_its_boxes():
    box = LayerBox(name="dense", kind="Dense", inputs=("(None, 4)",), outputs=("(None, 2)",))
    drawn = graphs.graph(LayerGraph(boxes=(box,), arrows=()), "Title", "wall")
    assert [(each["name"], each["kind"], each["shape"]) for each in drawn["boxes"]] == [("dense", "Dense", "(None, 2)")]
    assert (drawn["title"], drawn["wide"]) == ("Title", True)
