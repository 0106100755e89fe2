"""Puts a lesson together: the front matter, and a step for each second-level heading."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from backend.experiment.url import Query, read_query
from backend.lessons.lesson import SLACK, FrontMatter, Lesson, Step, StepBlock
from backend.lessons.parser import checks, links, options
from backend.markdown import blocks
from backend.markdown.blocks import Block
from backend.markdown.document import Document, Piece
from backend.markdown.faults import Faults, InvalidLesson

SECTIONS = ("Look", "Why", "Notes")
#: The id at the end of a step's title.
_ID = re.compile(r"\s*\{#([^{}\s]*)\}\s*$")
#: Lines that a block has only if its end is missing.
_UNCLOSED = re.compile(r"^(?:## |```|- \[[ xX]\] )", re.MULTILINE)
#: The comment in the front matter of a lesson whose options are shuffled (`shuffled`).
_SHUFFLED = re.compile(r".*\n# seed of the options: (\d+)\n")


def parse(text: str, file: str = "lesson.md") -> Lesson:
    """The lesson that `text` describes. Raises InvalidLesson, and nothing else, whatever the text is.

    The faults of a step leave out this step alone, so that the check can measure the others (`InvalidLesson.rest`).
    """
    faults, document = Faults(file), Document(text)
    pieces = list(document.pieces(faults))
    front, where = _front(pieces, faults)
    base = links.read(front.base, where.line(("base",)), faults)
    for sentence in links.invalid_settings(base):
        faults.add(where.line(("base",)), sentence)
    before, *parts = _split(pieces[1:], "h2")
    for piece in before:
        faults.add(piece.first, "There is text before the first step; a step begins with “## Title {#id}”.")
    if not parts:
        faults.add(1, "The lesson has no step; a step begins with “## Title {#id}”.")
    ids: list[str] = []
    steps = [step for part in parts if (step := _step(part, ids, base, document, faults))]
    lesson = Lesson(**front.model_dump(), steps=tuple(steps), source=document.text, file=file)
    front_is_right = bool(parts) and not any(error.line < parts[0][0].first for error in faults.errors)
    most = sum(step.block.seconds for step in steps)
    least = most - sum(step.block.seconds_again for step in steps)  # a lesson may leave out its second votes
    if not faults and not least - SLACK <= 60 * front.minutes <= most + SLACK:
        faults.add(
            where.line(("minutes",)),
            f"The steps take {round(most / 60, 1):g} minutes (think + discuss + the second vote + 2 minutes each), "
            f"but `minutes` says {front.minutes}.",
        )
    if faults:
        raise InvalidLesson(faults.errors, lesson if steps and front_is_right else None)
    if shuffle := _SHUFFLED.match(document.text):
        chance = random.Random(int(shuffle[1]))
        return lesson.model_copy(update={"steps": tuple(step.shuffled(chance) for step in lesson.steps)})
    return lesson


def shuffled(lesson: Lesson, seed: int) -> Lesson:
    """The lesson with the options of each question in an order that this seed decides. Its text has the seed."""
    first, _, rest = lesson.source.partition("\n")
    return parse(f"{first}\n# seed of the options: {seed}\n{rest}", lesson.file)


def _front(pieces: Sequence[Piece], faults: Faults) -> tuple[FrontMatter, Block]:
    """The front matter. Without it, nothing is known of the steps."""
    front = None
    if pieces and pieces[0].token.type == "front_matter":
        front = blocks.read(FrontMatter, pieces[0].token.content, 2, "the front matter", faults)
    else:
        faults.add(1, "The file has to begin with id, title and minutes between two lines ---.")
    if front is None:
        raise InvalidLesson(faults.errors)
    return front


def _split(pieces: Iterable[Piece], tag: str) -> list[list[Piece]]:
    """The pieces before the first heading with this tag, and then each such heading with what follows it."""
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.token.type == "heading_open" and piece.token.tag == tag:
            parts.append([])
        parts[-1].append(piece)
    return parts


def _title(heading: Piece, ids: list[str], faults: Faults) -> tuple[str, str]:
    """Title and id of a step. `ids` are those of the steps before, and get this one."""
    match = _ID.search(heading.inline)
    title, key = _ID.sub("", heading.inline).strip(), match[1] if match else ""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", key):
        faults.add(
            heading.first,
            "The title of a step ends in its id, such as {#sum}: a lowercase letter, then at most 39 lowercase "
            "letters, digits or hyphens.",
        )
    elif key in ids:
        faults.add(heading.first, f"Two steps have the id “{key}”.")
    if not title or len(title) > 120:
        faults.add(heading.first, "The title of a step has 1 to 120 characters.")
    ids.append(key)
    return title, key


def _sections(parts: Iterable[list[Piece]], faults: Faults) -> dict[str, list[Piece]]:
    """The pieces of each section by its name."""
    found: dict[str, list[Piece]] = {}
    for heading, *pieces in parts:
        name = heading.inline.strip()
        others = [piece for piece in pieces if piece.token.type == "heading_open"]
        if name not in SECTIONS or name in found:
            others.append(heading)
        for piece in others:
            faults.add(
                piece.first, "A step has ### Look, ### Why and ### Notes, each at most once, and no other heading."
            )
        found[name] = pieces
    return found


def _step(part: Sequence[Piece], ids: list[str], base: Query, document: Document, all_faults: Faults) -> Step | None:
    """The step; None if it has faults, which are added to those of the file."""
    faults = Faults(all_faults.file)
    step = _read_step(part, ids, base, document, faults)
    all_faults.errors += faults.errors
    lines = range(part[0].first, part[-1].last + 1)
    return None if any(error.line in lines for error in all_faults.errors) else step


def _read_step(part: Sequence[Piece], ids: list[str], base: Query, document: Document, faults: Faults) -> Step | None:
    heading, *inside = part
    title, key = _title(heading, ids, faults)
    first, *rest = _split(inside, "h3")
    sections = _sections(rest, faults)
    fences = [piece for piece in inside if piece.token.type == "fence" and piece.token.info.strip() == "step"]
    for piece in fences:
        if piece is not inside[0]:
            faults.add(piece.first, "The block of settings stands once, right below the title of its step.")
    pieces = [piece for piece in first if piece not in fences]
    at = next((i for i, piece in enumerate(pieces) if piece.is_task_list), len(pieces))
    for piece in pieces[at + 1 :]:
        faults.add(piece.first, "What follows the options belongs under ### Look, ### Why or ### Notes.")
    if fences and _UNCLOSED.search(fences[0].token.content):
        faults.add(fences[0].first, "This block is not closed; write three backticks after its last line.")
        return None
    text = document.source(pieces[:at])
    if not text:
        faults.add(heading.first, "The step has no text; write it below the block of settings.")
    if not fences:
        faults.add(heading.first, "The step has no block of settings; it begins with a line ```step.")
        return None
    read = blocks.read(StepBlock, fences[0].token.content, fences[0].first + 1, "a step", faults)
    if read is None:
        return None
    block, where = read
    checks.check_block(block, where, faults)
    own, at_settings = links.own(block, where, faults)
    query = base | own
    for sentence in links.invalid_settings(query):
        if sentence not in links.invalid_settings(base):
            faults.add(at_settings, sentence)
    experiment, _ = read_query(query)
    heads = [head.name for head in experiment.architecture.heads]
    answers = options.read(heading, pieces[at : at + 1], block, where, query, heads, faults)
    if block.compare and not faults and experiment.other is None:
        faults.add(at_settings, "Both settings of “compare” have the same result.")
    expected = checks.read_expected(block, where, heads, faults)
    terms = (term for piece in inside for term in piece.terms())
    checks.check_terms(terms, block, len(heads), faults)
    if faults:
        return None
    return Step(
        id=key, title=title, block=block, text=text, options=answers, line=heading.first, experiment=experiment,
        expected=expected, **{name.lower(): document.source(each) for name, each in sections.items()},
    )  # fmt: skip
