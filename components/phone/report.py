"""The report of a room as a document without Streamlit, with its words and pictures."""

from __future__ import annotations

from html import escape

from backend.rooms.markdown import html_of
from backend.rooms.model import option_names
from backend.rooms.phone import question_html
from backend.rooms.report import HOW_TO_READ, Question, Report, minute
from components import phone
from components.phone.parts import options_html, part_html

_CONTRADICTED = (
    "The runs of this class contradict the answer that the lesson expects, so no option counts as right here."
)
_SWITCHED = "Changed answers: the first in the rows, the second in the columns"


def document(base: str, report: Report, csv: str) -> str:
    """The HTML of the report, below the app's base path. `csv` is the address of all answers."""
    title, how = escape(report.view.room.lesson.title), "".join(map(_paragraph, HOW_TO_READ))
    content = [
        '<p class="mark">Two Heads · Report</p>',
        f"<h1>{title}</h1>",
        *map(_paragraph, [report.about(), f"This report was made on {minute(report.made)}."]),
        f'<p class="tools"><a href="{escape(csv)}" download>Answers (CSV)</a></p>',
        f'<section class="about"><h2>How to read this report</h2>{how}</section>',
        *map(_question, report.questions),
    ]
    return phone.page("report", f"Report: {title}", "\n".join(content), base, script=False)


def _question(question: Question) -> str:
    step = question.step
    votes, *more = question.parts
    measured, verdict = more[:-1], more[-1:]
    parts = [
        f"<h2>{question.position + 1}. {escape(step.title)}</h2>",
        question_html(step),
        _beside(*map(part_html, question.asked)),
        "" if votes.picture is not None else options_html(step, question.right_options),  # the picture has them
        "" if question.right is not None else _paragraph(_CONTRADICTED),
        _beside(part_html(votes, heading="Votes"), _switches(question)),
        _paragraph(question.comparison()),
        _paragraph(_misconceptions(question)),
        _beside(
            *(part_html(each, heading="" if i else "What was measured") for i, each in enumerate(measured)),
            *(part_html(each, heading="Verdict") for each in verdict),
        ),
    ]
    if question.waits:
        parts.append(_paragraph("Some measurements for this question were not finished when this report was made."))
    if step.why:
        parts += ["<h3>Why</h3>", html_of(step.why)]
    return f'<section class="question">{"".join(parts)}</section>'


def _beside(*columns: str) -> str:
    """Columns beside each other if there is room, without those that are empty."""
    cells = [f"<div>{text}</div>" for text in columns if text]
    return f'<div class="beside">{"".join(cells)}</div>' if cells else ""


def _switches(question: Question) -> str:
    if not question.switches:
        return ""
    letters = ("right", "not right") if question.step.kind == "several" else option_names(question.step)
    head = "".join(f'<th scope="col">{escape(letter)} after</th>' for letter in letters)
    body = []
    for i, row in enumerate(question.switches):
        cells = "".join(f"<td{' class=same' if i == j else ''}>{count}</td>" for j, count in enumerate(row))
        body.append(f'<tr><th scope="row">{escape(letters[i])}</th>{cells}</tr>')
    return (
        f'<div class="wide" tabindex="0"><table><caption>{_SWITCHED}</caption><thead><tr><th scope="col">before</th>'
        f"{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _misconceptions(question: Question) -> str:
    """What the wrong options stand for."""
    named = [
        f"{name}: {option.misconception.replace('-', ' ')}"
        for i, (name, option) in enumerate(zip(option_names(question.step), question.step.options, strict=True))
        if option.misconception and i not in question.right_options
    ]
    return f"The misconceptions behind the options: {'; '.join(named)}." if named else ""


def _paragraph(sentence: str) -> str:
    return f"<p>{escape(sentence)}</p>" if sentence else ""
