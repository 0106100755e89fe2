"""All answers of a room as CSV. It contains the aliases of participants, and no visitor's id."""

from __future__ import annotations

import csv
import io
import re

from backend.rooms.model import RoomView

COLUMNS = (
    "step", "title", "question", "round", "participant", "alias", "seed", "option", "answer", "sure", "right",
    "misconception", "seconds",
)  # fmt: skip
#: Spreadsheets treat a text that begins with one of these signs as a formula (the wide ones: those set to Japanese).
#: Which of the separators begins a new cell depends on the spreadsheet.
_FORMULA = re.compile(r"(^|[;,\t\r\n])(?=\s*[=+\-@＝＋－＠])")


def table(view: RoomView) -> str:
    """All answers as CSV, a line each, with its question.

    `seconds` counts from the opening of the question in that round.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for position, round in sorted(view.answers):
        if position >= len(view.room.lesson.steps):
            continue
        opened = view.room.state.opened_at(position, round)
        step = view.room.lesson.steps[position]
        asked = tuple(not_a_formula(" ".join(text.split())) for text in (step.title, step.text))
        for number, answer in sorted(view.of_round(position, round).items()):
            chosen = step.chosen(answer.option)
            options = [step.options[i] for i in chosen]
            row = (
                step.id, *asked, round, number, not_a_formula(view.participants[number].alias),
                view.room.seed + number, " ".join(str(i + 1) for i in chosen),
                not_a_formula(" | ".join(each.text for each in options)) if answer.value is None
                else f"{answer.value:.12g}",
                not_a_formula(answer.sure), "yes" if answer.option == step.right else "no",
                " | ".join(each.misconception for each in options if each.misconception),
                # The clocks of two servers may differ a little.
                "" if opened is None else f"{max(answer.at - opened, 0.0):.1f}",
            )  # fmt: skip
            writer.writerow(row)
    return out.getvalue()


def not_a_formula(text: str) -> str:
    """The text, changed so that no spreadsheet takes it for a formula."""
    return _FORMULA.sub(r"\1'", text)
