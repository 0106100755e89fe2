"""The options of a step: a task list of texts or of numbers, or the options of the mistake that the step shows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from backend.lessons import answers
from backend.lessons.lesson import LONGEST_OPTION, MOST_OPTIONS, Option, StepBlock
from backend.lessons.parser import checks, links
from backend.lessons.parser.drafts import Draft
from backend.lessons.parser.links import Query
from backend.markdown import task_list
from backend.markdown.blocks import Block
from backend.markdown.document import Piece
from backend.markdown.faults import Faults
from backend.markdown.task_list import Item
from backend.questions.mistakes import MISTAKES

_FEWEST = 2
#: The keys of an option's braces, and the field that each fills.
_KEYS = {"misconception": "misconception", "try": "attempt", "expect": "expect"}


def read(draft: Draft, block: StepBlock, where: Block, settings: Query | None, faults: Faults) -> tuple[Option, ...]:
    """The options of a step with these settings, which are None if they are not known."""
    if block.page == "mistake" and not block.scripts:
        return _of_mistake(draft, block, where, faults)
    if block.order:
        faults.add(
            where.line(("order",)), "Only a mistake of Two Heads takes “order”; write the options in their order."
        )
    if draft.options is None:
        faults.add(draft.line, "The step has no options; write a list of lines “- [ ] …”, one of them “- [x] …”.")
        return ()
    return _of_list(draft.options, block, settings, faults)


def _of_list(piece: Piece, block: StepBlock, settings: Query | None, faults: Faults) -> tuple[Option, ...]:
    read = task_list.read(piece, _KEYS, faults)
    valid = [_option(item, block, settings, faults) for item in read if item is not None]
    numbers = block.ask.answer == "number"
    fewest, most = (1, MOST_OPTIONS - 1) if numbers else (_FEWEST, MOST_OPTIONS)
    if not fewest <= len(read) <= most:
        what = "numbers" if numbers else "options"
        faults.add(piece.first, f"A step takes {fewest} to {most} {what}, not {len(read)}.")
    if len(valid) == len(read):
        _check_ticks(sum(option.right for option in valid), block, piece.first, faults)
    if len({option.text for option in valid}) < len(valid):
        faults.add(piece.first, "Two options have the same text.")
    if numbers:
        _check_ranges(valid, piece.first, faults)
        valid.append(Option(text=answers.OTHER_NUMBER))
    return tuple(valid)


def _check_ticks(ticked: int, block: StepBlock, line: int, faults: Faults) -> None:
    if not ticked:
        right = "at least one is right" if block.ask.answer == "several" else "one is right"
        faults.add(line, f"No option is ticked; {right}.")
    elif ticked > 1 and block.ask.answer != "several":
        several = "" if block.ask.answer == "number" else ", or write “answer: several” in `ask`"
        faults.add(line, f"{ticked} options are ticked; one is right{several}.")


def _check_ranges(options: Sequence[Option], line: int, faults: Faults) -> None:
    """Report two numbers that stand for the same number."""
    known = [(each, option.text) for option in options if (each := answers.range_of(option.text))]
    for (low, one), (high, other) in pairwise(sorted(known)):
        if low[1] >= high[0]:
            faults.add(line, f"“{one}” and “{other}” have numbers in common; make a tolerance smaller.")


def _of_mistake(draft: Draft, block: StepBlock, where: Block, faults: Faults) -> tuple[Option, ...]:
    if draft.options is not None:
        faults.add(draft.options.first, "A mistake has its own question and options; remove these.")
    if block.expect:
        faults.add(where.line(("expect",)), "A mistake is checked by itself; remove “expect”.")
    if len(block.show) > 1:
        faults.add(where.line(("show",)), "A step shows one mistake.")
    if block.ask.answer != "one":
        faults.add(where.line(("ask", "answer")), "A mistake has one right option; remove “answer”.")
    mistake = MISTAKES.get(block.show[0])
    if mistake is None:
        return ()
    named = zip(mistake.options, mistake.misconceptions, strict=True)
    options = tuple(Option(text=text, right=text == mistake.ticked, misconception=name) for text, name in named)
    numbers = range(1, len(options) + 1)
    if sorted(block.order or numbers) != list(numbers):
        faults.add(where.line(("order",)), f"“order” has each number from 1 to {len(options)} once.")
        return options
    return tuple(options[i - 1] for i in block.order or numbers)


def _option(item: Item, block: StepBlock, settings: Query | None, faults: Faults) -> Option:
    line, text = item.line, item.text
    if not text or len(text) > LONGEST_OPTION:
        faults.add(line, f"The text of an option has 1 to {LONGEST_OPTION} characters.")
    given = {_KEYS[key]: value for key, value in item.notes.items()}
    if block.ask.answer == "number" and text and answers.range_of(text) is None:
        faults.add(line, f"“{text[:40]}” is no number; write one such as 2, 2 ± 0.1 or 2 ± 5 %.")
    test = given.get("expect", "")
    if item.ticked and test and block.ask.answer != "several":
        faults.add(line, "“expect” in braces belongs to a wrong option; that of the right one is in the block.")
    expected = checks.read_condition(test, block, line, faults) if test else None
    if link := given.get("attempt", ""):
        _check_attempt(links.read(link, line, faults), settings, line, faults)
    return Option(text=text, right=item.ticked, expected=expected, **given)


def _check_attempt(own: Query, settings: Query | None, line: int, faults: Faults) -> None:
    """Report what is wrong with the settings of `try`, joined with those of the step."""
    if settings is None or not own:
        return
    known = links.invalid_settings(settings)
    sentences = [sentence for sentence in links.invalid_settings(settings | own) if sentence not in known]
    if not sentences and links.same_experiment(settings, settings | own):
        sentences = ["“try” changes nothing: the step has these settings already."]
    for sentence in sentences:
        faults.add(line, sentence)
