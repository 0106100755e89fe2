"""How far visitors are in their lessons."""

from __future__ import annotations

from backend.lessons.lesson import Lesson, Step
from backend.lessons.saved_progress import SavedProgress
from backend.mistakes import MISTAKES
from backend.mistakes.jobs import MistakeJobs


class LessonProgress:
    """What each visitor predicted in each step, how sure they were, and at which step of a lesson they are.

    A step whose question or settings change asks again. A mistake asks its own question, so its prediction is that of
    the `mistakes`.
    """

    def __init__(self, mistakes: MistakeJobs, saved: SavedProgress) -> None:
        self._mistakes = mistakes
        self._store = saved

    def predict(self, lesson: Lesson, step: Step, visitor: str, option: int, sure: str = "") -> None:
        """Keep the prediction: the position of an option, and how sure the visitor is. Only the first one counts.

        Raises ValueError for an option that the step does not have.
        """
        if not 0 <= option < len(step.options):
            raise ValueError(f"the step {step.id} has no option {option}")
        if self.predicted(lesson, step, visitor) is None:
            if step.block.page == "mistake":
                self._mistakes.predict(MISTAKES[step.block.show[0]], visitor, step.options[option].text)
            else:
                self._store.predict(_asked(lesson, step), visitor, str(option))
            self._store.predict((*_asked(lesson, step), "sure"), visitor, sure or None)

    def predicted(self, lesson: Lesson, step: Step, visitor: str) -> int | None:
        """The position of the option that the visitor predicted; None before."""
        if step.block.page == "mistake":
            chosen = self._mistakes.predicted(MISTAKES[step.block.show[0]], visitor)
            return next((i for i, option in enumerate(step.options) if option.text == chosen), None)
        found = self._store.predicted(_asked(lesson, step), visitor)
        return None if found is None else int(found)

    def sure(self, lesson: Lesson, step: Step, visitor: str) -> str:
        """How sure the visitor was; empty where that was not asked."""
        return self._store.predicted((*_asked(lesson, step), "sure"), visitor) or ""

    def explain(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """The visitor has asked for the reason."""
        self._store.predict((*_asked(lesson, step), "why"), visitor, "open")

    def explained(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has asked for the reason."""
        return self._store.predicted((*_asked(lesson, step), "why"), visitor) is not None

    def see(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """The visitor has been shown whether their prediction is right."""
        self._store.predict((*_asked(lesson, step), "seen"), visitor, "yes")

    def seen(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has been shown it. Before, a score would give the result away."""
        shown = self._store.predicted((*_asked(lesson, step), "seen"), visitor) is not None
        return shown and self.predicted(lesson, step, visitor) is not None

    def stand_at(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """The visitor is at this step."""
        self._store.predict((lesson.id, "at"), visitor, step.id)

    def at(self, lesson: Lesson, visitor: str) -> Step:
        """The step at which the visitor left the lesson; its first one before."""
        found = self._store.predicted((lesson.id, "at"), visitor)
        return (lesson.step(found) if found else None) or lesson.steps[0]

    def done(self, lesson: Lesson, visitor: str) -> int:
        """How many steps the visitor has predicted."""
        return sum(self.predicted(lesson, step, visitor) is not None for step in lesson.steps)

    def right(self, lesson: Lesson, visitor: str) -> int:
        """How many predictions were right, of those whose result the visitor has been shown."""
        seen = [step for step in lesson.steps if self.seen(lesson, step, visitor)]
        return sum(self.predicted(lesson, step, visitor) == step.right for step in seen)

    def forget(self, lesson: Lesson, visitor: str) -> None:
        """Forget everything about the visitor in this lesson."""
        for step in lesson.steps:
            if step.block.page == "mistake":
                self._mistakes.predict(MISTAKES[step.block.show[0]], visitor, None)
            for what in ((), ("sure",), ("why",), ("seen",)):
                self._store.predict((*_asked(lesson, step), *what), visitor, None)
        self._store.predict((lesson.id, "at"), visitor, None)


def _asked(lesson: Lesson, step: Step) -> tuple[str, str, str]:
    return lesson.id, step.id, step.key()
