"""The report of a room as a document without Streamlit, with its words and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from backend.lessons.answers import LETTERS
from backend.rooms.markdown import html_of
from backend.rooms.model import option_names
from backend.rooms.phone import question_html
from backend.rooms.report import HOW_TO_READ, Question, Report, minute, share
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
        '<div class="tools"><button data-print hidden>Print or save as PDF</button>'
        f'<a href="{escape(csv)}" download>Answers (CSV)</a></div>',
        f'<section class="about"><h2>How to read this report</h2>{how}</section>',
        *map(_question, report.questions),
    ]
    return phone.page("report", f"Report: {title}", "\n".join(content), base)


def _question(question: Question) -> str:
    step = question.step
    votes, *more = question.parts
    measured, verdict = more[:-1], more[-1:]
    parts = [
        f"<h2>{question.position + 1}. {escape(step.title)}</h2>",
        question_html(step),
        _beside(*([part_html(each)] for each in question.asked)),
        "" if votes.picture is not None else options_html(step, question.right_options),  # the picture has them
        "" if question.right is not None else _paragraph(_CONTRADICTED),
        _beside([part_html(votes, heading="Votes")], [_votes_table(question), _switches(question)]),
        _paragraph(question.comparison()),
        _misconceptions(question),
        _beside(
            *([part_html(each, heading="" if i else "What was measured")] for i, each in enumerate(measured)),
            *([part_html(each, heading="Verdict")] for each in verdict),
        ),
    ]
    if question.waits:
        parts.append(_paragraph("Some measurements for this question were not finished when this report was made."))
    if step.why:
        parts += ["<h3>Why</h3>", html_of(step.why)]
    return f'<section class="question">{"".join(parts)}</section>'


def _beside(*columns: Sequence[str]) -> str:
    """Columns beside each other if there is room, without those that are empty."""
    cells = [f"<div>{text}</div>" for column in columns if (text := "".join(column))]
    return f'<div class="beside">{"".join(cells)}</div>' if cells else ""


def _votes_table(question: Question) -> str:
    columns = question.columns
    if not columns:
        return ""
    rows = [
        [
            f"{name}{' ✓' if i in question.right_options else ''}",
            *(share(counts[i], people) for _, counts, people in columns),
        ]
        for i, name in enumerate(option_names(question.step))
    ]
    heads = ["option", *(f"{name} (of {people})" for name, _, people in columns)]
    return _table("How many chose each option", heads, rows)


def _switches(question: Question) -> str:
    if not question.switches:
        return ""
    letters = ("right", "not right") if question.step.kind == "several" else option_names(question.step)
    rows = [[letters[i], *map(str, row)] for i, row in enumerate(question.switches)]
    heads = ["before", *(f"{letter} after" for letter in letters)]
    return _table(_SWITCHED, heads, rows, diagonal=True)


def _misconceptions(question: Question) -> str:
    columns = question.columns
    rows = [
        [f"{option.misconception.replace('-', ' ')}: {_named(question, i)}",
         *(str(counts[i]) for _, counts, _ in columns)]
        for i, option in enumerate(question.step.options) if option.misconception and i not in question.right_options
    ]  # fmt: skip
    if not rows or not columns:
        return ""
    heads = ["misconception: option", *(name for name, _, _ in columns)]
    return _table("Misconceptions, and how many chose their option", heads, rows)


def _named(question: Question, option: int) -> str:
    """An option with its letter, if it has one."""
    letter = "" if question.step.kind == "number" else f"{LETTERS[option]}, "
    return letter + _plain(question.step.options[option].text)


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, diagonal: bool = False) -> str:
    """A table whose first column names the rows. With `diagonal`, its cells from corner to corner stand out."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = []
    for i, (name, *cells) in enumerate(rows):
        looks = [' class="same"' if diagonal and i == j else "" for j in range(len(cells))]
        row = "".join(f"<td{look}>{escape(cell)}</td>" for look, cell in zip(looks, cells, strict=True))
        body.append(f'<tr><th scope="row">{escape(name)}</th>{row}</tr>')
    return (
        f'<div class="wide" tabindex="0"><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _paragraph(sentence: str) -> str:
    return f"<p>{escape(sentence)}</p>" if sentence else ""


def _plain(text: str) -> str:
    return text.replace("**", "").replace("`", "").replace("*", "")
