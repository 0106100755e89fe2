"""What a room shows of every question of every lesson that is shipped: measured by a worker, the verdict apart."""

from __future__ import annotations

import pytest

from backend.claims import CLAIMS
from backend.lessons.library import SHIPPED, load
from backend.mistakes import MISTAKES
from backend.network.layer_graph import LayerBox, LayerGraph
from backend.rooms import RoomView
from backend.rooms.pictures import Size
from backend.rooms.shown import Shown
from backend.services import services
from backend.topologies.graphs import recorded
from components.learn import lab
from components.rooms import graphs, measured
from harness.local import until

LESSONS = load(SHIPPED).lessons


def shown(view: RoomView, position: int, explained: bool, size: Size = "phone") -> list[Shown]:
    """What was measured, once all of it is."""
    found: list[Shown] = []

    def ready() -> bool:
        found[:], waits = measured.of_room(view, size)(position, explained)
        return not waits

    until(ready, "the measurement", 240)
    return found


@pytest.mark.jobs
@pytest.mark.takes("a worker measures each question of a lesson")
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_each_question_has_a_picture_or_what_keras_prints_and_its_verdict_comes_later(workers, lesson):
    rooms = services().rooms
    room = rooms.open(lesson, f"host of {lesson.id}").room
    try:
        for position, step in enumerate(lesson.steps):
            view = rooms.view(room.id)
            assert view
            if step.block.run == "seed":
                rooms.host.act(room.id, "begin" if position == 0 else "skip", view.room.version)
                continue
            rooms.host.act(room.id, "begin" if position == 0 else "skip", view.room.version)
            view = rooms.view(room.id)
            assert view
            before, after = shown(view, position, False), shown(view, position, True)
            pictures = [each.picture for each in before if each.picture is not None]
            words = "\n".join(text for each in before for text in each.words)
            assert pictures or "```" in words or "|" in words or "**" in words, (step.id, words)
            verdict = [text for each in after for text in each.words if text not in words]
            if step.block.page in ("claims", "compare", "lab", "mistake"):
                assert verdict, f"{step.id}: the finding comes with the verdict"
            if step.block.page == "claims":
                assert not any(CLAIMS[key].title in words for key in step.block.show)
            if step.block.page == "mistake":
                mistake = MISTAKES[step.block.show[0]]
                assert not {text for text in (mistake.symptom, mistake.why, mistake.mended) if text in words}
            if "answer" in step.block.show:
                assert any(text.startswith("In this run") for text in verdict)
            if step.block.page == "lab":
                assert lab.finding(step) not in words
                assert lab.finding(step) in "\n".join(verdict)
            on_wall = shown(view, position, False, "wall")
            assert 0 <= sum(each.picture is not None for each in on_wall) <= 2, "a wall has no place for more"
            assert {each.picture["wide"] for each in on_wall if each.picture} <= {True}
            said = measured.explanation(view, position)
            assert bool(said) == bool(verdict)
            assert not [text for text in said if text in "\n".join(text for each in on_wall for text in each.words)]
    finally:
        rooms.host.delete(room.id)


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
