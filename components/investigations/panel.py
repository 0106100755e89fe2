"""What a step of a lesson shows of a page, in Learn and in a room. Each page implements it once, in its `lesson.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.experiment.url import Query
from backend.jobs import JobView
from backend.jobs.messages import SharedPayload
from backend.lessons import Step
from backend.lessons.vocabulary import OPEN
from backend.rooms.parts import Part
from backend.services import services
from components.session.visitor import visitor


class Panel:
    """The panels of one page, by the names that a step gives in `show` and `before` (`backend/lessons/vocabulary.py`).

    Learn draws them, perhaps with another experiment than the step's own, and a room gets them as parts. A page
    overrides what it has.
    """

    #: The title of the page, to which a step links; empty for none.
    title = ""
    #: Whether the result says why, so that nobody has to ask for the reason.
    explains = False

    def payloads(self, step: Step) -> Sequence[SharedPayload]:
        """What workers measure for the step, besides a training."""
        return ()

    def room_payloads(self, step: Step) -> Sequence[SharedPayload]:
        """The same for a room."""
        return self.payloads(step)

    def views(self, step: Step, again: bool = False) -> list[JobView]:
        """The jobs that the step needs in Learn, requested once; with `again`, also those that have failed."""
        shared = services().shared
        return [shared.find_or_request(each, visitor(), again).look() for each in self.payloads(step)]

    def right(self, step: Step) -> int | None:
        """The right answer; None if no option is right with this version of Keras."""
        return step.right

    def doing(self, step: Step) -> str:
        """What a worker does, in a sentence."""
        return "Keras measures …"

    def draw(self, name: str, step: Step) -> None:
        """Draw a panel whose jobs have ended."""
        raise NotImplementedError

    def draw_before(self, name: str, step: Step) -> None:
        """Draw a panel that belongs to the question, without a verdict."""
        self.draw(name, step)

    def draw_question(self, step: Step) -> None:
        """Draw what belongs to the question and is no result."""
        for name in step.block.show:
            if name in OPEN:
                self.draw(name, step)

    def draw_result(self, step: Step) -> None:
        """Draw what the visitor sees after the prediction."""
        for name in step.block.show:
            if name not in OPEN:
                self.draw(name, step)

    def finding(self, step: Step) -> str:
        """What the first panel shows, in one sentence of Markdown; empty if that is not at hand."""
        return ""

    def query(self, name: str) -> Query:
        """The options with which the page shows this panel."""
        return {}

    def before(self, step: Step) -> list[Part]:
        """The pictures that stand before the question in a room, unless they are those of a training."""
        return []

    def question(self, step: Step, wall: bool = False) -> list[Part]:
        """What a room shows with the question: nothing of it is a result."""
        return []

    def beside_votes(self, step: Step) -> list[Part]:
        """What the board shows beside the votes while the host explains: what belongs to the question."""
        return self.question(step, True)

    def parts(self, step: Step, results: Sequence[Any], explained: bool, wall: bool) -> list[Part]:
        """What was measured, in a room, with or without the explanation; `results` are those of `room_payloads`."""
        return []
