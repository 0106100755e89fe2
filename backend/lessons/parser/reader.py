"""Puts a lesson together: the front matter, and a step for each second-level heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.experiment.url import read_query
from backend.lessons.lesson import FrontMatter, Lesson, Step, StepBlock
from backend.lessons.parser import checks, drafts, fields, links, options
from backend.lessons.parser.base import Base
from backend.lessons.parser.drafts import SECTIONS, Draft
from backend.markdown.blocks import Block
from backend.markdown.document import Document, Piece, check_line
from backend.markdown.faults import Faults, InvalidLesson

#: Lines that a block has only if its end is missing.
_UNCLOSED = re.compile(r"^(?:## |```|- \[[ xX]\] )", re.MULTILINE)


def parse(text: str, file: str = "lesson.md") -> Lesson:
    """The lesson that `text` describes. Raises InvalidLesson, and nothing else, whatever the text is."""
    faults, document = Faults(file), Document(text)
    pieces = list(document.pieces(faults))
    front = _front(pieces, faults)
    base = Base.read(*front, faults) if front else Base({}, known=False)
    sorted_drafts = drafts.sort(pieces, faults)
    read = [_step(draft, base, document, faults) for draft in sorted_drafts]
    if front:
        base.check(front[1].line(("base",)), faults)
        base.add_up(len(sorted_drafts), front[0].minutes, front[1].line(("minutes",)), faults)
    steps = [step for step in read if step is not None]
    if faults or not front:
        raise InvalidLesson(faults.errors)
    return Lesson(**front[0].model_dump(), steps=tuple(steps), file=file)


def _front(pieces: Sequence[Piece], faults: Faults) -> tuple[FrontMatter, Block] | None:
    if not pieces or pieces[0].token.type != "front_matter":
        faults.add(1, "The file has to begin with id, title and minutes between two lines ---.")
        return None
    front = fields.read(FrontMatter, pieces[0].token.content, 2, "the front matter", faults)
    if front:  # a page escapes the title, and shows the summary as Markdown
        check_line(front[0].summary, front[1].line(("summary",)), faults)
    return front


def _step(draft: Draft, base: Base, document: Document, faults: Faults) -> Step | None:
    if draft.block is not None and _UNCLOSED.search(draft.block.token.content):
        faults.add(draft.block.first, "This block is not closed; write three backticks after its last line.")
        return None
    text = document.source(draft.pieces[""])
    if not text:
        faults.add(draft.line, "The step has no text; write it below the block of settings.")
    if draft.block is None:
        faults.add(draft.line, "The step has no block of settings; it begins with a line ```step.")
        return None
    read = fields.read(StepBlock, draft.block.token.content, draft.block.first + 1, "a step", faults)
    if read is None:
        return None
    block, where = read
    base.seconds.append(block.seconds)
    base.again += block.seconds_again
    checks.check_block(block, where, faults)
    own = links.read(block.set, where.line(("set",)), faults)
    at = where.line(("compare",) if block.compare else ("set",))
    if block.compare:
        own = links.compared(own, block.compare, at, faults)
    query = base.joined(own, at, faults)
    answers = options.read(draft, block, where, query if base.known else None, faults)
    experiment, _ = read_query(query)
    if block.compare and base.known and not faults and experiment.other is None:
        faults.add(at, "Both settings of “compare” have the same result.")
    expected = checks.read_expected(block, where, faults)
    if base.known:
        heads = [head.name for head in experiment.architecture.heads]
        for test in (expected, *(option.expected for option in answers)):
            checks.check_heads(test, heads, where.line(("expect",)), faults)
    terms = (term for pieces in draft.pieces.values() for piece in pieces for term in piece.terms())
    checks.check_terms(terms, block, len(experiment.architecture.heads) if base.known else None, faults)
    sections = {name.lower(): document.source(draft.pieces.get(name, ())) for name in SECTIONS}
    if faults:
        return None
    return Step(
        id=draft.id, title=draft.title, block=block, text=text, options=answers, line=draft.line,
        experiment=experiment, expected=expected, **sections,
    )  # fmt: skip
