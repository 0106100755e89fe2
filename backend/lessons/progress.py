"""How far visitors are in their lessons."""

from __future__ import annotations

from backend.investigations.base import Subject
from backend.investigations.predictions import Predictions
from backend.lessons.lesson import Lesson, Step
from backend.mistakes import MISTAKES
from backend.mistakes.job import MistakeJob


class LessonProgress:
    """What each visitor predicted in each step, how sure they were, and at which step of a lesson they are.

    A step whose question or settings change asks again. A mistake asks its own question, so its prediction is that of
    the mistake.
    """

    def __init__(self, predictions: Predictions) -> None:
        self._predictions = predictions

    def predict(self, lesson: Lesson, step: Step, visitor: str, option: int, sure: str = "") -> None:
        """Keep the prediction: the position of an option, and how sure the visitor is. Only the first one counts.

        Raises ValueError for an option that the step does not have.
        """
        if not 0 <= option < len(step.options):
            raise ValueError(f"the step {step.id} has no option {option}")
        if self.predicted(lesson, step, visitor) is None:
            if (mistake := _mistake(step)) is not None:
                self._predictions.predict(mistake, visitor, step.options[option].text)
            else:
                self._keep(visitor, _asked(lesson, step), str(option))
            self._keep(visitor, (*_asked(lesson, step), "sure"), sure or None)

    def predicted(self, lesson: Lesson, step: Step, visitor: str) -> int | None:
        """The position of the option that the visitor predicted; None before."""
        if (mistake := _mistake(step)) is not None:
            chosen = self._predictions.prediction(mistake, visitor)
            return next((i for i, option in enumerate(step.options) if option.text == chosen), None)
        found = self._predictions.value(_asked(lesson, step), visitor)
        return None if found is None else int(found)

    def sure(self, lesson: Lesson, step: Step, visitor: str) -> str:
        """How sure the visitor was; empty if that was not asked."""
        return self._predictions.value((*_asked(lesson, step), "sure"), visitor) or ""

    def explain(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """The visitor has asked for the reason."""
        self._keep(visitor, (*_asked(lesson, step), "why"), "open")

    def explained(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has asked for the reason."""
        return self._predictions.value((*_asked(lesson, step), "why"), visitor) is not None

    def see(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """The visitor has been shown whether their prediction is right."""
        self._keep(visitor, (*_asked(lesson, step), "seen"), "yes")

    def seen(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has been shown it. Before, a score would give the result away."""
        shown = self._predictions.value((*_asked(lesson, step), "seen"), visitor) is not None
        return shown and self.predicted(lesson, step, visitor) is not None

    def stand_at(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """The visitor is at this step."""
        self._keep(visitor, (lesson.id, "at"), step.id)

    def at(self, lesson: Lesson, visitor: str) -> Step:
        """The step at which the visitor left the lesson; its first one before."""
        found = self._predictions.value((lesson.id, "at"), visitor)
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
        gone: list[Subject] = [(lesson.id, "at")]
        for step in lesson.steps:
            mistake = _mistake(step)
            gone += [mistake.subject] if mistake is not None else []
            gone += [(*_asked(lesson, step), *what) for what in ((), ("sure",), ("why",), ("seen",))]
        self._predictions.keep(dict.fromkeys(gone, None), visitor)

    def _keep(self, visitor: str, subject: Subject, value: str | None) -> None:
        self._predictions.keep({subject: value}, visitor)


def _mistake(step: Step) -> MistakeJob | None:
    """The mistake that the step is about; None if it is about something else."""
    return MistakeJob.of(MISTAKES[step.block.show[0]]) if step.block.page == "mistake" else None


def _asked(lesson: Lesson, step: Step) -> Subject:
    return lesson.id, step.id, step.key()
