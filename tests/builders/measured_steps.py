"""A room that is led through the steps of a lesson, and what each step shows of its measurement."""

from __future__ import annotations

from collections.abc import Callable

from backend.lessons import Lesson, Step
from backend.lessons.library import SHIPPED, load
from backend.questions.claims import CLAIMS
from backend.questions.mistakes import MISTAKES
from backend.rooms import RoomView
from backend.rooms.class_result import compares_sides
from backend.rooms.parts import Part
from backend.services import services
from components.learn.panels import panel_of
from components.rooms import measured
from harness.local import until
from tests.builders.rooms import make_tables

LESSONS = load(SHIPPED).lessons


def check(lesson: Lesson, checked: Callable[[Step], bool], work: Callable[[], object] = lambda: None) -> None:
    """Each step that is `checked` shows what was measured, and its verdict later. `work` may do what workers do."""
    rooms = services().rooms
    make_tables(services().database)
    room = rooms.open(lesson, f"host of {lesson.id}").room
    try:
        for position, step in enumerate(lesson.steps):
            view = rooms.view(room.id)
            assert view
            rooms.host.act(room.id, "begin" if position == 0 else "skip", view.room.version)
            if checked(step):
                view = rooms.view(room.id)
                assert view
                _check_step(view, position, work)
    finally:
        rooms.host.delete(room.id)


def _check_step(view: RoomView, position: int, work: Callable[[], object]) -> None:
    step = view.room.lesson.steps[position]

    def shown(explained: bool, wall: bool = False) -> list[Part]:
        """What was measured, once all of it is."""
        found: list[Part] = []

        def ready() -> bool:
            found[:], waits = measured.of_room(view, position, explained, wall)
            if waits:
                work()
            return not waits

        until(ready, "the measurement", 240)
        return found

    before, after = shown(False), shown(True)
    pictures = [each.picture for each in before if each.picture is not None]
    words = "\n".join(text for each in before for text in each.words)
    assert pictures or "```" in words or "|" in words or "**" in words, (step.id, words)
    verdict = [text for each in after for text in each.words if text not in words]
    if step.block.page in ("claims", "compare", "lab", "mistake"):
        assert verdict, f"{step.id}: the finding comes with the verdict"
    if step.block.page == "claims":
        assert not any(CLAIMS[key].statement in words for key in step.block.show)
    if step.block.page == "mistake":
        mistake = MISTAKES[step.block.show[0]]
        assert not {text for text in (mistake.symptom, mistake.why, mistake.mended) if text in words}
    if "answer" in step.block.show and compares_sides(step):
        assert any(text.startswith("In this run") for text in verdict)
    if step.block.page == "lab":
        assert panel_of(step).finding(step) not in words
        assert panel_of(step).finding(step) in "\n".join(verdict)
    on_wall = shown(False, True)
    assert 0 <= sum(each.picture is not None for each in on_wall) <= 2, "a wall has no place for more"
    said = [text for each in measured.for_wall(view, position, True)[0] for text in each.words]
    assert bool(said) == bool(verdict)
    assert not [text for text in said if text in "\n".join(text for each in on_wall for text in each.words)]
