"""Pictures, tables, code and claims as the parts that phones and the board show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.experiment import Experiment
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import ClaimJob
from backend.questions.mistakes.base import deciding_lines
from backend.questions.pictures import Picture, Spread, Table
from backend.rooms.parts import Part

#: What a block of code begins with.
FENCE = "```"
#: Stands in place of what only the verdict may tell.
LATER = "It is measured. The verdict comes next."


def of_picture(picture: Picture, explained: bool = True) -> Part:
    """A chart, with what it finds in its title if that may be `explained`; a table as Markdown."""
    if isinstance(picture, Table):
        return Part((_markdown_table(picture.rows),))
    if isinstance(picture, Spread) and not explained:
        picture = replace(picture, title=picture.about or picture.title)
    return Part((), picture)


def _markdown_table(rows: Sequence[Mapping[str, str]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))

    def line(cells: Sequence[str]) -> str:
        escaped = (cell.replace("|", r"\|") for cell in cells)
        return f"| {' | '.join(escaped)} |"

    body = [line([row.get(name, "") for name in columns]) for row in rows]
    return "\n".join([line(columns), line(["---"] * len(columns)), *body])


def code(text: str) -> str:
    """Text as a block of code in Markdown: with a fence that it does not contain."""
    fence = FENCE
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"


def sources(experiment: Experiment, wall: bool) -> list[Part]:
    """The Keras source of both styles; on a wall only the lines in which they differ."""
    styles = experiment.styles()
    texts = [style.write(experiment.architecture) for style in styles]
    if wall:
        texts = [deciding_lines(one, other) for one, other in (texts, texts[::-1])]
    return [Part((f"**{style.title}**", code(text))) for style, text in zip(styles, texts, strict=True) if text]


def claim_jobs(keys: Sequence[str], experiment: Experiment) -> list[ClaimJob]:
    """The jobs of the claims that can be tested on the experiment."""
    return [job for key in keys if not (job := ClaimJob.of(CLAIMS[key], experiment)).refusal()]


def of_claims(keys: Sequence[str], experiment: Experiment, results: Sequence[Any], explained: bool) -> list[Part]:
    """The verdict of each claim. One that cannot be tested on the experiment has no result, but a finding."""
    parts: list[Part] = []
    left = iter(results)
    for claim in map(CLAIMS.__getitem__, keys):
        testable = not claim.inapplicable_reason(experiment)
        found = claim.judge(experiment, next(left) if testable else None)
        if found.picture is not None:
            part = of_picture(found.picture, explained)
        else:
            part = Part(() if explained else (LATER,))
        if explained:
            parts.append(Part((found.finding, *part.words), part.picture))
        elif testable:
            parts.append(part)
    return parts
