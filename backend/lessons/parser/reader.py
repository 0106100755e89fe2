"""Puts a lesson together: the front matter, and a step for each second-level heading."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from backend.experiment.url import Query, read_query
from backend.lessons.lesson import SLACK, FrontMatter, Lesson, Step, StepBlock
from backend.lessons.parser import checks, drafts, fields, links, options
from backend.lessons.parser.drafts import SECTIONS, Draft
from backend.markdown.blocks import Block
from backend.markdown.document import Document, Piece, check_line
from backend.markdown.faults import Faults, InvalidLesson

#: Lines that a block has only if its end is missing.
_UNCLOSED = re.compile(r"^(?:## |```|- \[[ xX]\] )", re.MULTILINE)
#: The comment in the front matter of a lesson whose options are shuffled (`shuffled`).
_SHUFFLED = re.compile(r".*\n# seed of the options: (\d+)\n")


def parse(text: str, file: str = "lesson.md") -> Lesson:
    """The lesson that `text` describes. Raises InvalidLesson, and nothing else, whatever the text is."""
    faults, document = Faults(file), Document(text)
    pieces = list(document.pieces(faults))
    front, where = _front(pieces, faults)
    base = links.read(front.base, where.line(("base",)), faults)
    for sentence in links.invalid_settings(base):
        faults.add(where.line(("base",)), sentence)
    sorted_drafts = drafts.sort(pieces, faults)
    read = [_step(draft, base, document, faults) for draft in sorted_drafts]
    steps = [step for step in read if step is not None]
    most = sum(step.block.seconds for step in steps)
    least = most - sum(step.block.seconds_again for step in steps)  # a lesson may leave out its second votes
    if not faults and not least - SLACK <= 60 * front.minutes <= most + SLACK:
        faults.add(
            where.line(("minutes",)),
            f"The steps take {round(most / 60, 1):g} minutes (think + discuss + the second vote + 2 minutes each), "
            f"but `minutes` says {front.minutes}.",
        )
    if faults:
        raise InvalidLesson(faults.errors)
    if shuffle := _SHUFFLED.match(document.text):
        chance = random.Random(int(shuffle[1]))
        steps = [step.shuffled(chance) for step in steps]
    return Lesson(**front.model_dump(), steps=tuple(steps), source=document.text, file=file)


def shuffled(lesson: Lesson, seed: int) -> Lesson:
    """The lesson with the options of each question in an order that this seed decides. Its text has the seed."""
    first, _, rest = lesson.source.partition("\n")
    return parse(f"{first}\n# seed of the options: {seed}\n{rest}", lesson.file)


def _front(pieces: Sequence[Piece], faults: Faults) -> tuple[FrontMatter, Block]:
    """The front matter. Without it, nothing is known of the steps."""
    front = None
    if pieces and pieces[0].token.type == "front_matter":
        front = fields.read(FrontMatter, pieces[0].token.content, 2, "the front matter", faults)
    else:
        faults.add(1, "The file has to begin with id, title and minutes between two lines ---.")
    if front is None:
        raise InvalidLesson(faults.errors)
    # A page escapes the title, and shows the summary as Markdown.
    check_line(front[0].summary, front[1].line(("summary",)), faults)
    return front


def _step(draft: Draft, base: Query, document: Document, faults: Faults) -> Step | None:
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
    checks.check_block(block, where, faults)
    own = links.read(block.set, where.line(("set",)), faults)
    at = where.line(("compare",) if block.compare else ("set",))
    if block.compare:
        own = links.compared(own, block.compare, at, faults)
    query = base | own
    for sentence in links.invalid_settings(query):
        if sentence not in links.invalid_settings(base):
            faults.add(at, sentence)
    answers = options.read(draft, block, where, query, faults)
    experiment, _ = read_query(query)
    if block.compare and not faults and experiment.other is None:
        faults.add(at, "Both settings of “compare” have the same result.")
    expected = checks.read_expected(block, where, faults)
    heads = [head.name for head in experiment.architecture.heads]
    for test in (expected, *(option.expected for option in answers)):
        checks.check_heads(test, heads, where.line(("expect",)), faults)
    terms = (term for pieces in draft.pieces.values() for piece in pieces for term in piece.terms())
    checks.check_terms(terms, block, len(heads), faults)
    sections = {name.lower(): document.source(draft.pieces.get(name, ())) for name in SECTIONS}
    if faults:
        return None
    return Step(
        id=draft.id, title=draft.title, block=block, text=text, options=answers, line=draft.line,
        experiment=experiment, expected=expected, **sections,
    )  # fmt: skip
