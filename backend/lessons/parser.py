"""Reads a lesson, one Markdown file. Each fault is an error with the file, the line and the reason in a sentence.

Text is only kept, to be displayed; HTML and pictures in it are refused. `docs/lessons.md` describes the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import ValidationError

from backend.experiment import Experiment
from backend.experiment.url import read_query
from backend.lessons import blocks, expect
from backend.lessons.blocks import BadBlock, Block
from backend.lessons.lesson import SLACK, Ask, FrontMatter, Lesson, Option, Part, Step, StepBlock
from backend.lessons.vocabulary import CONTROLS, PANELS, PARTS
from backend.mistakes import MISTAKES

_ID = re.compile(r"\s*\{#([^{}\s]*)\}\s*$")
_BOX = re.compile(r"\[([ xX])\]\s+(.*)", re.DOTALL)
_NOTES = re.compile(r"(.*?)\s*(\{[^{}]*\})\s*", re.DOTALL)
_SECTIONS = ("Look", "Why", "Notes")
_FEWEST, _MOST = 2, 6
#: What the address of a term's link begins with.
_TERM = "#part-"
#: The keys of an option's braces, and the field that each fills.
_OPTION = {"misconception": "misconception", "try": "attempt", "expect": "expect"}
P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class LessonError:
    """A fault of a lesson: where it is, and the reason in a sentence. `lesson` is the id that its file names."""

    file: str
    line: int
    reason: str
    lesson: str = ""

    @property
    def sentence(self) -> str:
        """The fault in a line, as compilers write it."""
        return f"{self.file}:{self.line}: {self.reason}"


class InvalidLesson(ValueError):
    """A text that is no lesson, with all faults that were found."""

    def __init__(self, errors: Sequence[LessonError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.line))
        super().__init__("\n".join(error.sentence for error in self.errors))


def parse(text: str, file: str = "lesson.md") -> Lesson:
    """The lesson that `text` describes. Raises InvalidLesson, and nothing else, whatever the text is."""
    return _Reader(text, file).read()


@dataclass(frozen=True)
class _Piece:
    """A block of Markdown: its token, the tokens in it, and its lines (from 1, the last one included)."""

    token: Token
    inside: list[Token]
    first: int
    last: int

    @property
    def inline(self) -> str:
        """The text of a heading or a paragraph, as it is written."""
        return next((token.content for token in self.inside if token.type == "inline"), "")


@dataclass
class _Draft:
    """What belongs to one step, while the file is read."""

    title: str
    id: str
    line: int
    block: _Piece | None = None
    options: _Piece | None = None
    pieces: dict[str, list[_Piece]] = field(default_factory=lambda: {"": []})
    section: str = ""


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        self._lines = self._text.split("\n")
        self._file = file
        self._errors: list[LessonError] = []

    def read(self) -> Lesson:
        pieces = list(self._pieces())
        front = self._front(pieces)
        drafts = self._drafts(pieces)
        base = self._link(front[0].base, front[1].line(("base",))) if front else {}
        steps = [step for draft in drafts if (step := self._step(draft, base))]
        if not drafts:
            self._fault(1, "The lesson has no step; a step begins with “## Title {#id}”.")
        if front and not self._errors:
            self._add_up(front[0], front[1].line(("minutes",)), steps)
        if self._errors or not front:
            raise InvalidLesson(self._errors)
        head = front[0]
        return Lesson(**head.model_dump(), steps=tuple(steps), file=self._file)

    def _fault(self, line: int, reason: str) -> None:
        self._errors.append(LessonError(self._file, line, reason))

    # Markdown.

    def _pieces(self) -> Iterator[_Piece]:
        tokens = MarkdownIt("commonmark").use(front_matter_plugin).parse(self._text)
        begun = 0
        for i, token in enumerate(tokens):
            if token.level == 0 and token.nesting >= 0:
                begun = i
            if token.level == 0 and token.nesting <= 0:
                head = tokens[begun]
                first, last = head.map or [0, 1]
                piece = _Piece(head, tokens[begun : i + 1], first + 1, max(last, first + 1))
                self._check_text(piece)
                yield piece

    def _check_text(self, piece: _Piece) -> None:
        line = piece.first
        for token in piece.inside:
            line = token.map[0] + 1 if token.map else line
            found = {token.type, *(child.type for child in token.children or ())}
            if found & {"html_block", "html_inline"}:
                self._fault(line, "HTML is not displayed; write Markdown.")
            if "image" in found:
                self._fault(line, "A lesson has no pictures of its own; name a panel in “show”.")

    def _source(self, pieces: Sequence[_Piece]) -> str:
        if not pieces:
            return ""
        return "\n".join(self._lines[pieces[0].first - 1 : pieces[-1].last]).strip("\n").rstrip()

    # Front matter.

    def _front(self, pieces: Sequence[_Piece]) -> tuple[FrontMatter, Block] | None:
        if not pieces or pieces[0].token.type != "front_matter":
            self._fault(1, "The file has to begin with id, title and minutes between two lines ---.")
            return None
        return self._model(FrontMatter, pieces[0].token.content, 2, "the front matter")

    def _add_up(self, front: FrontMatter, line: int, steps: Sequence[Step]) -> None:
        seconds = sum(step.seconds for step in steps)
        if abs(seconds - 60 * front.minutes) > SLACK:
            self._fault(
                line,
                f"The steps take {round(seconds / 60, 1):g} minutes (think + discuss + 2 minutes each), but `minutes` "
                f"says {front.minutes}.",
            )

    # Steps.

    def _drafts(self, pieces: Sequence[_Piece]) -> list[_Draft]:
        drafts: list[_Draft] = []
        for piece in pieces:
            token = piece.token
            if token.type == "front_matter":
                continue
            if token.type == "heading_open" and token.tag == "h2":
                drafts.append(self._heading(piece, drafts))
            elif not drafts:
                self._fault(piece.first, "There is text before the first step; a step begins with “## Title {#id}”.")
            else:
                self._place(drafts[-1], piece)
        return drafts

    def _heading(self, piece: _Piece, before: Sequence[_Draft]) -> _Draft:
        found = _ID.search(piece.inline)
        title = piece.inline[: found.start()].strip() if found else piece.inline.strip()
        key = found[1] if found else ""
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", key):
            self._fault(
                piece.first,
                "The title of a step ends in its id, such as {#sum}: a lowercase letter, then at most 39 lowercase "
                "letters, digits or hyphens.",
            )
        elif any(draft.id == key for draft in before):
            self._fault(piece.first, f"Two steps have the id “{key}”.")
        if not title or len(title) > 120:
            self._fault(piece.first, "The title of a step has 1 to 120 characters.")
        return _Draft(title, key, piece.first)

    def _place(self, draft: _Draft, piece: _Piece) -> None:
        token = piece.token
        if token.type == "heading_open":
            self._section(draft, piece)
        elif token.type == "fence" and token.info.strip() == "step":
            if draft.block is not None:
                self._fault(piece.first, "The step has a second block of settings.")
            draft.block = piece
        elif not draft.section and _is_task_list(piece):
            if draft.options is not None:
                self._fault(piece.first, "The step has a second list of options.")
            draft.options = piece
        else:
            if not draft.section and draft.options is not None:
                self._fault(piece.first, "Text after the options belongs under ### Look, ### Why or ### Notes.")
            draft.pieces[draft.section].append(piece)

    def _section(self, draft: _Draft, piece: _Piece) -> None:
        name = piece.inline.strip()
        if piece.token.tag != "h3" or name not in _SECTIONS:
            self._fault(
                piece.first, "A lesson has no such heading; it has ## for a step, and ### Look, ### Why and ### Notes."
            )
        elif name in draft.pieces:
            self._fault(piece.first, f"The step has a second ### {name}.")
        else:
            draft.section = name
            draft.pieces[name] = []

    def _step(self, draft: _Draft, base: dict[str, list[str]]) -> Step | None:
        text = self._source(draft.pieces[""])
        if not text:
            self._fault(draft.line, "The step has no text: it asks a question.")
        if draft.block is None:
            self._fault(draft.line, "The step has no block of settings; it begins with a line ```step.")
            return None
        first = draft.block.first + 1
        found = self._model(StepBlock, draft.block.token.content, first, "a step")
        if found is None:
            return None
        block, where = found
        self._check_block(block, where)
        options = self._options(draft, block) if block.page != "mistake" else self._of_mistake(draft, block, where)
        link = base | self._link(block.set, where.line(("set",)))
        expected = self._expected(block, where)
        self._attempts(draft, options, link)
        experiment, _ = read_query(link)
        self._check_terms(draft, block, len(experiment.architecture.heads))
        sections = {name.lower(): self._source(draft.pieces.get(name, ())) for name in _SECTIONS}
        if self._errors:
            return None
        return Step(
            id=draft.id, title=draft.title, block=block, text=text, options=tuple(option for option, _ in options),
            line=draft.line, experiment=experiment, expected=expected, **sections,
        )  # fmt: skip

    def _check_block(self, block: StepBlock, where: Block) -> None:
        panels, ask = PANELS[block.page], block.ask
        for i, name in enumerate(block.show):
            if name not in panels:
                there = f"its panels are {', '.join(panels)}" if panels else "it has none yet"
                self._fault(
                    where.line(("show", i)), f"There is no panel “{name[:40]}” on the page {block.page}; {there}."
                )
        for i, name in enumerate(block.allow):
            if name not in CONTROLS:
                self._fault(
                    where.line(("allow", i)),
                    f"There is no control “{name[:40]}”; the controls are {', '.join(CONTROLS)}.",
                )
        for name in ("show", "allow"):
            if len(set(getattr(block, name))) < len(getattr(block, name)):
                self._fault(where.line((name,)), f"“{name}” names something twice.")
        if block.page != "train" and block.run != "none":
            self._fault(where.line(("run",)), f"Only the page train has a run; on the page {block.page}, run is none.")
        elif block.run == "none" and block.page == "train" and _shows_a_result(block):
            self._fault(where.line(("show",)), "These panels show a run; write “run: shared” or “run: seed”.")
        if block.allow and block.run == "none":
            self._fault(where.line(("allow",)), "Controls change a run, and this step has none.")
        if (ask.rounds == 2) != (ask.discuss > 0):
            self._fault(where.line(("ask",)), "Two rounds have time to discuss between them, and one round has none.")

    def _check_terms(self, draft: _Draft, block: StepBlock, heads: int) -> None:
        """A term stands for a part of a picture that the step shows."""
        for line, name in (found for pieces in draft.pieces.values() for piece in pieces for found in _terms(piece)):
            word, _, number = name.partition("-")
            known = f"{word}-N" if number else word
            if known not in PARTS:
                self._fault(line, f"There is no part “{name[:40]}” of a picture; the parts are {', '.join(PARTS)}.")
            elif not set(PARTS[known][1]) & set(block.show):
                panels = " or ".join(f"“{panel}”" for panel in PARTS[known][1])
                self._fault(line, f"The part “{name}” is shown in the panel {panels}, and the step does not show it.")
            elif number and not (number.isdecimal() and 1 <= int(number) <= heads):
                self._fault(line, f"The part “{name}” ends in the number of a head, and the step has {heads}.")

    def _expected(self, block: StepBlock, where: Block) -> expect.Expectation | None:
        line = where.line(("expect",))
        if not block.expect:
            if block.page != "mistake":
                self._fault(line, "The step does not say what its ticked option expects; write “expect: …”.")
            return None
        return self._test(block.expect, block, line)

    def _test(self, text: str, block: StepBlock, line: int) -> expect.Expectation | None:
        try:
            found = expect.parse(text)
        except expect.BadExpectation as bad:
            self._fault(line, f"“expect” cannot be checked: {bad}")
            return None
        if block.run == "none" and any(kind == "run" for kind, _ in found.sources):
            self._fault(line, "“expect” names a figure of a run, and this step has none.")
        return found

    # Options.

    def _options(self, draft: _Draft, block: StepBlock) -> list[tuple[Option, int]]:
        if draft.options is None:
            self._fault(draft.line, "The step has no options; write a list of lines “- [ ] …”, one of them “- [x] …”.")
            return []
        piece = draft.options
        found = [option for item in _items(piece.inside) if (option := self._option(item, piece.first, block))]
        if not _FEWEST <= len(found) <= _MOST:
            self._fault(piece.first, f"A step takes {_FEWEST} to {_MOST} options, not {len(found)}.")
        ticked = sum(option.right for option, _ in found)
        if ticked != 1:
            self._fault(
                piece.first, f"{'No option is' if not ticked else f'{ticked} options are'} ticked; one is right."
            )
        if len({option.text for option, _ in found}) < len(found):
            self._fault(piece.first, "Two options have the same text.")
        return found

    def _of_mistake(self, draft: _Draft, block: StepBlock, where: Block) -> list[tuple[Option, int]]:
        """The options of a mistake, which has its own."""
        if draft.options is not None:
            self._fault(draft.options.first, "A mistake has its own question and options; remove these.")
        if block.expect:
            self._fault(where.line(("expect",)), "A mistake is checked by itself; remove “expect”.")
        if len(block.show) > 1:
            self._fault(where.line(("show",)), "A step shows one mistake.")
        found = MISTAKES.get(block.show[0])
        texts = found.options if found else ()
        return [(Option(text=text, right=bool(found) and text == found.ticked), draft.line) for text in texts if found]

    def _option(self, item: list[Token], line: int, block: StepBlock) -> tuple[Option, int] | None:
        line = item[0].map[0] + 1 if item[0].map else line
        inline = [token.content for token in item if token.type == "inline"]
        box = _BOX.fullmatch(inline[0]) if len(inline) == 1 else None
        if box is None:
            self._fault(line, "An option is one line that begins with “- [ ]”, or with “- [x]” if it is right.")
            return None
        text, notes = box[2], {}
        if braces := _NOTES.fullmatch(text):
            text = braces[1]
            try:
                notes = blocks.read(braces[2], line).values
            except BadBlock as bad:
                self._fault(bad.line, f"The braces of an option cannot be read: {bad.reason}")
        for key, value in notes.items():
            if key not in _OPTION or not isinstance(value, str):
                self._fault(line, f"“{key[:40]}” is not a key of an option; it has {', '.join(_OPTION)}.")
        text = " ".join(text.split())
        if not text or len(text) > 200:
            self._fault(line, "The text of an option has 1 to 200 characters.")
        given = {_OPTION[key]: value for key, value in notes.items() if key in _OPTION and isinstance(value, str)}
        right, test = box[1] != " ", given.get("expect", "")
        if right and test:
            self._fault(line, "“expect” in braces belongs to a wrong option; that of the right one is in the block.")
        expected = self._test(test, block, line) if test else None
        return Option(text=text, right=right, expected=expected, **given), line

    def _attempts(self, draft: _Draft, options: Sequence[tuple[Option, int]], link: dict[str, list[str]]) -> None:
        for option, line in options:
            if option.attempt:
                self._link(option.attempt, line)

    # Links and models.

    def _link(self, text: str, line: int) -> dict[str, list[str]]:
        """The settings of a link. Each that cannot be used is an error."""
        query = parse_link(text)
        if text and not query:
            self._fault(line, "The link has no settings; write “key=value”, joined by &.")
        for notice in read_query(query)[1]:
            self._fault(line, f"The link's {notice.key} = “{notice.given}” cannot be used: {notice.reason}.")
        return query

    def _model(self, model: type[P], text: str, line: int, what: str) -> tuple[P, Block] | None:
        try:
            block = blocks.read(text, line)
        except BadBlock as bad:
            self._fault(bad.line, f"{bad.reason[0].upper()}{bad.reason[1:]}")
            return None
        try:
            return model.model_validate(block.values), block
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False, include_context=False, include_input=False):
                self._fault(block.line(error["loc"]), _sentence(model, error["type"], error["loc"], block, what))
            return None


def parse_link(text: str) -> dict[str, list[str]]:
    """The settings of a link's query, as the address of a page has them."""
    return parse_qs(text.removeprefix("?"), keep_blank_values=True, errors="replace", max_num_fields=None)


def attempt(step: Step, option: Option) -> Experiment:
    """The step's experiment with the settings that the visitor may try after this option."""
    from backend.experiment.url import write_query

    return read_query(write_query(step.experiment) | parse_link(option.attempt))[0]


def _sentence(model: type[Part], kind: str, loc: tuple[int | str, ...], block: Block, what: str) -> str:
    """What is wrong with the value at `loc`, and what is allowed."""
    name = str(loc[0])
    fields = Ask.model_fields if loc[0] == "ask" and len(loc) > 1 else model.model_fields
    key = str(loc[1]) if fields is Ask.model_fields else name
    if kind == "extra_forbidden":
        return (
            f"“{key[:40]}” is not a key of {'ask' if fields is Ask.model_fields else what}; it has {', '.join(fields)}."
        )
    if kind == "missing":
        return f"The key “{key}” is missing in {what}."
    given: Any = block.values
    for step in loc[:2] if fields is Ask.model_fields else loc[:1]:
        given = given[step] if isinstance(given, dict) and step in given else ""
    shown = ", ".join(map(str, given)) if isinstance(given, list) else str(given)
    return f"“{key}” takes {fields[key].description}, not “{shown[:40]}”."


def _terms(piece: _Piece) -> Iterator[tuple[int, str]]:
    """The links of a text to parts of a picture: line and name of each."""
    for token in piece.inside:
        for child in token.children or ():
            address = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
            if address.startswith(_TERM):
                yield (token.map[0] + 1 if token.map else piece.first), address.removeprefix(_TERM)


def _shows_a_result(block: StepBlock) -> bool:
    panels = PANELS[block.page]
    return any(name in panels and panels[name].sealed for name in block.show)


def _is_task_list(piece: _Piece) -> bool:
    """Whether the first item of a list begins with a box."""
    return piece.token.type == "bullet_list_open" and bool(_BOX.match(piece.inline))


def _items(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each item of a list."""
    item: list[Token] = []
    for token in tokens:
        if token.type == "list_item_open" and token.level == 1:
            item = []
        item.append(token)
        if token.type == "list_item_close" and token.level == 1:
            yield item
