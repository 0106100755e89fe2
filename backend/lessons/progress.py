"""Each visitor's progress in the lessons."""

from __future__ import annotations

from backend.lessons import answers
from backend.lessons.lesson import Lesson, Step
from backend.lessons.scripts import bundled
from backend.questions.base import Subject
from backend.questions.mistakes.job import MistakeJob
from backend.questions.predictions import Predictions


class LessonProgress:
    """What each visitor predicted in each step, how sure they were, and at which step of a lesson they are.

    A step asks again after its question or settings have changed. The prediction of a step about a mistake is that of
    the mistake, which asks its own question.
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
            key, to = step.places()[0]
            stored = repr(number) if step.kind == "number" else str(answers.moved(step.kind, answer, to))
            if (mistake := _mistake(step)) is not None:
                self._predictions.record(mistake, visitor, step.options[answer].text)
            else:
                self._store(visitor, (lesson.id, step.id, key), stored)
            self._store(visitor, (lesson.id, step.id, key, "sure"), sure or None)

    def prediction(self, lesson: Lesson, step: Step, visitor: str) -> int | None:
        """What the visitor predicted, as an answer in the order that the options have now; None before."""
        if (mistake := _mistake(step)) is not None:
            chosen = self._predictions.prediction(mistake, visitor)
            return next((i for i, option in enumerate(step.options) if option.text == chosen), None)
        text, to = self._find(lesson, step, visitor)
        if text is None:
            return None
        if step.kind == "number":
            return step.answer_of(float(text))
        return answers.moved(step.kind, int(text), [to.index(i) for i in range(len(to))])

    def number(self, lesson: Lesson, step: Step, visitor: str) -> float | None:
        """The number that the visitor predicted, of a question that asks for one; None before."""
        text, _ = self._find(lesson, step, visitor) if step.kind == "number" else (None, ())
        return None if text is None else float(text)

    def sure(self, lesson: Lesson, step: Step, visitor: str) -> str:
        """How sure the visitor was; empty if that was not asked."""
        return self._find(lesson, step, visitor, "sure")[0] or ""

    def open_reason(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """Record that the visitor has opened the reason."""
        self._store(visitor, (lesson.id, step.id, step.key(), "why"), "open")

    def has_opened_reason(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has opened the reason."""
        return self._find(lesson, step, visitor, "why")[0] is not None

    def mark_result_seen(self, lesson: Lesson, step: Step, visitor: str) -> None:
        """Record that the visitor has been shown whether their prediction is right."""
        self._store(visitor, (lesson.id, step.id, step.key(), "seen"), "yes")

    def has_seen_result(self, lesson: Lesson, step: Step, visitor: str) -> bool:
        """Whether the visitor has been shown the result. Before, a score would give it away."""
        seen = self._find(lesson, step, visitor, "seen")[0] is not None
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

    def forget(self, lesson: Lesson, visitor: str) -> None:
        """Delete what is stored of the visitor in this lesson."""
        subjects: list[Subject] = [(lesson.id, "at")]
        for step in lesson.steps:
            mistake = _mistake(step)
            subjects += [mistake.subject] if mistake is not None else []
            for key, _ in step.places():
                subjects += [(lesson.id, step.id, key, *what) for what in ((), ("sure",), ("why",), ("seen",))]
        self._predictions.keep(dict.fromkeys(subjects, None), visitor)

    def _find(self, lesson: Lesson, step: Step, visitor: str, *what: str) -> tuple[str | None, tuple[int, ...]]:
        """What is stored of the step, and the position that each of its options had then.

        The options may have stood in another order when it was stored.
        """
        places = {(lesson.id, step.id, key, *what): to for key, to in step.places()}
        found = self._predictions.first(places, visitor)
        return (None, ()) if found is None else (found[1], places[found[0]])

    def _store(self, visitor: str, subject: Subject, value: str | None) -> None:
        self._predictions.keep({subject: value}, visitor)


def _mistake(step: Step) -> MistakeJob | None:
    """The mistake that the step is about; None if it is about something else."""
    mistake = bundled(step)
    return MistakeJob.on(mistake) if mistake else None
