"""The answers of a kept report as CSV: the columns of a room's CSV, without those that name somebody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from backend.rooms.export import COLUMNS, answer_text, misconceptions, not_a_formula, numbers
from backend.rooms.model import FEWEST
from backend.rooms.report.model import Given, Question, Report

#: What a report without names leaves out. The seed would tell the number of the participant in the room.
_NAMES = ("alias", "seed")
#: The round of answers that came after the class.
HOMEWORK = "homework"


def table(
    report: Report,
    homework: Mapping[str, Sequence[int]] = {},
    typed: Mapping[str, Sequence[tuple[int, float]]] = {},
) -> str:
    """All answers as CSV, a line each.

    `homework` has how often each answer was given after the class, by the id of the question, and `typed` the numbers
    that were typed, each with its option. The lines of the homework name nobody. Fewer than `FEWEST` answers to the
    homework are left out, and so are those of a round if the report has no names.
    """
    out = io.StringIO()
    columns = [name for name in COLUMNS if report.has_names or name not in _NAMES]
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    for question in report.questions:
        for round, answers in enumerate(question.rounds, 1):
            if report.has_names or len(answers) >= FEWEST:
                writer.writerows(_row(report, question, str(round), each) for each in answers)
        writer.writerows(_homework_rows(report, question, homework.get(question.id, ()), typed.get(question.id, ())))
    return out.getvalue()


def _homework_rows(
    report: Report, question: Question, counts: Sequence[int], typed: Sequence[tuple[int, float]]
) -> Iterator[dict[str, object]]:
    for option, count in enumerate(counts if sum(counts) >= FEWEST else ()):
        known = [number for of, number in typed if of == option]
        for number in [*known, *[None] * (count - len(known))]:
            row = _row(report, question, HOMEWORK, Given(0, option, "", None, number))
            yield {**row, "participant": "", "alias": "", "seed": ""}


def _row(report: Report, question: Question, round: str, given: Given) -> dict[str, object]:
    chosen, right = question.chosen(given.option), question.right
    title, text = (not_a_formula(" ".join(words.split())) for words in (question.title, question.text))
    return {
        "step": question.id, "title": title, "question": text, "round": round, "participant": given.number,
        "alias": not_a_formula(report.aliases.get(given.number, "")), "seed": (report.seed or 0) + given.number,
        "option": numbers(chosen), "sure": not_a_formula(given.sure),
        "answer": answer_text([option.text for option in question.options], chosen, given.value),
        "right": "" if right is None else "yes" if given.option == right else "no",
        "misconception": misconceptions(question.options, chosen),
        "seconds": "" if given.seconds is None else f"{given.seconds:.1f}",
    }  # fmt: skip
