"""Each visitor's progress in the lessons."""

from __future__ import annotations

from backend.investigations.base import Subject
from backend.investigations.predictions import Predictions
from backend.lessons.lesson import Lesson, Step
from backend.mistakes import MISTAKES
from backend.mistakes.job import MistakeJob


class LessonProgress:
    """What each visitor predicted in each step, how sure they were, and at which step of a lesson they are.

    A step asks again after its question or settings have changed. The prediction of a step about a mistake is that of
    the mistake, which asks its own question.
    """

    def __init__(self, predictions: Predictions) -> None:
        self._predictions = predictions

    def predict(self, lesson: Lesson, step: Step, visitor: str, option: int, sure: str = "") -> None:
        """Store the prediction: the position of an option, and how sure the visitor is. Only the first one counts.

        Raises ValueError for an option that the step does not have.
        """
        if not 0 <= option < len(step.options):
            raise ValueError(f"the step {step.id} has no option {option}")
        if self.prediction(lesson, step, visitor) is None:
            if (mistake := _mistake(step)) is not None:
                self._predictions.predict(mistake, visitor, step.options[option].text)
            else:
                self._store(visitor, _subject(lesson, step), str(option))
            self._store(visitor, (*_subject(lesson, step), "sure"), sure or None)

    def prediction(self, lesson: Lesson, step: Step, visitor: str) -> int | None:
        """The position of the option that the visitor predicted; None before."""
        if (mistake := _mistake(step)) is not None:
            chosen = self._predictions.prediction(mistake, visitor)
            return next((i for i, option in enumerate(step.options) if option.text == chosen), None)
        position = self._predictions.value(_subject(lesson, step), visitor)
        return None if position is None else int(position)

    def sure(self, lesson: Lesson, step: Step, visitor: str) -> str:
        """How sure the visitor was; empty if that was not asked."""
        return self._predictions.value((*_subject(lesson, step), "sure"), visitor) or ""

    def open_reason(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """Record that the visitor has opened the reason."""
        self._store(visitor, (*_subject(lesson, step), "why"), "open")

    def has_opened_reason(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has opened the reason."""
        return self._predictions.value((*_subject(lesson, step), "why"), visitor) is not None

    def mark_result_seen(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """Record that the visitor has been shown whether their prediction is right."""
        self._store(visitor, (*_subject(lesson, step), "seen"), "yes")

    def has_seen_result(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has been shown the result. Before, a score would give it away."""
        seen = self._predictions.value((*_subject(lesson, step), "seen"), visitor) is not None
        return seen and self.prediction(lesson, step, visitor) is not None

    def set_current_step(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """Record that the visitor is at this step."""
        self._store(visitor, (lesson.id, "at"), step.id)

    def current_step(self, lesson: Lesson, visitor: str) -> Step:
        """The step at which the visitor left the lesson; its first one before."""
        key = self._predictions.value((lesson.id, "at"), visitor)
        return (lesson.step(key) if key else None) or lesson.steps[0]

    def count_answered(self, lesson: Lesson, visitor: str) -> int:
        """How many steps the visitor has predicted."""
        return sum(self.prediction(lesson, step, visitor) is not None for step in lesson.steps)

    def count_right(self, lesson: Lesson, visitor: str) -> int:
        """How many predictions were right, of those whose result the visitor has been shown."""
        seen = [step for step in lesson.steps if self.has_seen_result(lesson, step, visitor)]
        return sum(self.prediction(lesson, step, visitor) == step.right for step in seen)

    def forget(self, lesson: Lesson, visitor: str) -> None:
        """Forget everything about the visitor in this lesson."""
        subjects: list[Subject] = [(lesson.id, "at")]
        for step in lesson.steps:
            mistake = _mistake(step)
            subjects += [mistake.subject] if mistake is not None else []
            subjects += [(*_subject(lesson, step), *what) for what in ((), ("sure",), ("why",), ("seen",))]
        self._predictions.keep(dict.fromkeys(subjects, None), visitor)

    def _store(self, visitor: str, subject: Subject, value: str | None) -> None:
        self._predictions.keep({subject: value}, visitor)


def _mistake(step: Step) -> MistakeJob | None:
    """The mistake that the step is about; None if it is about something else."""
    return MistakeJob.of(MISTAKES[step.block.show[0]]) if step.block.page == "mistake" else None


def _subject(lesson: Lesson, step: Step) -> Subject:
    return lesson.id, step.id, step.key()
