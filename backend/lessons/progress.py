"""Each visitor's progress in the lessons."""

from __future__ import annotations

from backend.lessons import answers
from backend.lessons.lesson import Lesson, Step
from backend.questions.base import Subject
from backend.questions.predictions import Predictions


class LessonProgress:
    """What each visitor predicted in each step, how sure they were, and at which step of a lesson they are.

    A step asks again after its question or settings have changed.
    """

    def __init__(self, predictions: Predictions) -> None:
        self._predictions = predictions

    def record(
        self, lesson: Lesson, step: Step, visitor: str, answer: int, sure: str = "", number: float | None = None
    ) -> None:
        """Store the prediction, and how sure the visitor is. Only the first one counts.

        `answer` is one of `backend/lessons/answers.py`. If the step asks for a number, `number` decides it.
        Raises ValueError for an answer that the step does not take.
        """
        if step.kind == "number":
            if number is None or not answers.is_number(number):
                raise ValueError(f"the step {step.id} asks for a number")
        elif not step.takes(answer):
            raise ValueError(f"the step {step.id} has no option {answer}")
        if self.prediction(lesson, step, visitor) is None:
            order = step.orders()[0]
            moved = answers.moved(step.kind, answer, [order.index(i) for i in range(len(order))])
            stored = repr(number) if step.kind == "number" else str(moved)
            key = _subject(lesson, step)
            self._predictions.keep({key: stored, (*key, "sure"): sure or None}, visitor)

    def prediction(self, lesson: Lesson, step: Step, visitor: str) -> int | None:
        """What the visitor predicted, as an answer in the order that the options have now; None before."""
        text, order = self._find(lesson, step, visitor)
        if text is None:
            return None
        return step.answer_of(float(text)) if step.kind == "number" else answers.moved(step.kind, int(text), order)

    def number(self, lesson: Lesson, step: Step, visitor: str) -> float | None:
        """The number that the visitor predicted, of a question that asks for one; None before."""
        text = self._find(lesson, step, visitor)[0] if step.kind == "number" else None
        return None if text is None else float(text)

    def sure(self, lesson: Lesson, step: Step, visitor: str) -> str:
        """How sure the visitor was; empty if that was not asked."""
        return self._find(lesson, step, visitor, "sure")[0] or ""

    def open_reason(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """Record that the visitor has opened the reason."""
        self._predictions.keep({_subject(lesson, step, "why"): "open"}, visitor)

    def has_opened_reason(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has opened the reason."""
        return self._find(lesson, step, visitor, "why")[0] is not None

    def mark_result_seen(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """Record that the visitor has been shown whether their prediction is right."""
        self._predictions.keep({_subject(lesson, step, "seen"): "yes"}, visitor)

    def has_seen_result(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has been shown the result. Before, a score would give it away."""
        seen = self._find(lesson, step, visitor, "seen")[0] is not None
        return seen and self.prediction(lesson, step, visitor) is not None

    def set_current_step(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """Record that the visitor is at this step."""
        self._predictions.keep({(lesson.id, "at"): step.id}, visitor)

    def current_step(self, lesson: Lesson, visitor: str) -> Step:
        """The step at which the visitor left the lesson; its first one before."""
        key = self._predictions.value((lesson.id, "at"), visitor)
        return (lesson.step(key) if key else None) or lesson.steps[0]

    def count_answered(self, lesson: Lesson, visitor: str) -> int:
        """How many steps the visitor has predicted."""
        return sum(self.prediction(lesson, step, visitor) is not None for step in lesson.steps)

    def forget(self, lesson: Lesson, visitor: str) -> None:
        """Delete what is stored of the visitor in this lesson."""
        subjects: list[Subject] = [(lesson.id, "at")]
        for step in lesson.steps:
            for order in step.orders():
                subjects += [
                    _subject(lesson, step, *what, order=order) for what in ((), ("sure",), ("why",), ("seen",))
                ]
        self._predictions.keep(dict.fromkeys(subjects, None), visitor)

    def _find(self, lesson: Lesson, step: Step, visitor: str, *what: str) -> tuple[str | None, list[int]]:
        """What is stored of the step, and the order in which its options stood then."""
        text, order = None, []
        for order in step.orders():
            text = self._predictions.value(_subject(lesson, step, *what, order=order), visitor)
            if text is not None:
                break
        return text, order


def _subject(lesson: Lesson, step: Step, *what: str, order: list[int] | None = None) -> Subject:
    return (lesson.id, step.id, step.key(order), *what)
