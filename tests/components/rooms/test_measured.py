"""What a room shows of a run that all share, trained by a worker, and of claims: the verdict apart."""

from __future__ import annotations

import pytest

from backend.claims.parameters import Counts
from backend.lessons import parse
from backend.network.layer_graph import LayerBox, LayerGraph
from backend.topologies.graphs import recorded
from components.rooms import graphs, measured
from tests.builders.lessons import GOLDEN
from tests.builders.measured_steps import LESSONS, check
from tests.builders.rooms import make_tables


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


def test_a_claim_that_cannot_be_tested_says_so_with_the_verdict_and_the_next_one_is_judged_by_its_own_result(serve):
    server = serve()
    make_tables(server.database)
    lesson = parse(GOLDEN.replace("show: [parameters]", 'set: "batch=1"\nshow: [history_trap, parameters]'))
    shown = measured.of_room(server.rooms.view(server.rooms.open(lesson, "host").room.id))
    assert shown(1, True)[1], "the second claim is awaited"
    job = server.jobs.registry.take()
    server.jobs.registry.end(job, "finished", result=Counts(parameters={"functional": 4762}))
    untestable, counted = (part.words[0] for part in shown(1, True)[0])
    assert untestable.startswith("Not applicable, because with a batch size of 1")
    assert counted.startswith("Keras counts 4,762 in each.")
    assert len(shown(1, False)[0]) == 1, "nothing is measured of the first claim"


def test_a_claim_that_cannot_be_tested_says_so_also_alone(serve):
    server = serve()
    make_tables(server.database)
    lesson = parse(GOLDEN.replace("show: [parameters]", 'set: "batch=1"\nshow: [history_trap]'))
    shown = measured.of_room(server.rooms.view(server.rooms.open(lesson, "host").room.id))
    assert [part.words[0][:14] for part in shown(1, True)[0]] == ["Not applicable"]


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
