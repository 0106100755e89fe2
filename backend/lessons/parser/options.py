"""The options of a step: a task list of texts or of numbers, or the options of the mistake that the step shows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from backend.experiment.url import Query, read_query
from backend.lessons import answers
from backend.lessons.lesson import LONGEST_OPTION, MOST_OPTIONS, Option, StepBlock
from backend.lessons.parser import checks, links
from backend.markdown import task_list
from backend.markdown.blocks import Block
from backend.markdown.document import Piece
from backend.markdown.faults import Faults
from backend.markdown.task_list import Item
from backend.questions.mistakes import MISTAKES


def read(
    heading: Piece, lists: Sequence[Piece], block: StepBlock, where: Block, settings: Query, heads: Sequence[str],
    faults: Faults,
) -> tuple[Option, ...]:  # fmt: skip
    """The options of a step with this heading, these settings and heads. `lists` has its task list, or nothing."""
    if block.page == "mistake" and not block.scripts:
        for piece in lists:
            faults.add(piece.first, "A mistake has its own question and options; remove these.")
        return _of_mistake(block, where, faults)
    if not lists:
        faults.add(heading.first, "The step has no options; write a list of lines “- [ ] …”, one of them “- [x] …”.")
        return ()
    line, kind = lists[0].first, block.ask.answer
    options = [_option(item, block, settings, heads, faults) for item in task_list.read(lists[0], faults)]
    ticked = sum(option.right for option in options)
    fewest, most, what = (1, MOST_OPTIONS - 1, "numbers") if kind == "number" else (2, MOST_OPTIONS, "options")
    items = len([*lists[0].items()])
    if not fewest <= items <= most:
        faults.add(line, f"A step takes {fewest} to {most} {what}, not {items}.")
    if len(options) == items and not ticked:
        faults.add(line, "No option is ticked; write “- [x] …” for the right one.")
    if ticked > 1 and kind != "several":
        faults.add(line, f"{ticked} options are ticked; one is right, or write “answer: several” in `ask`.")
    if len({option.text for option in options}) < len(options):
        faults.add(line, "Two options have the same text.")
    if kind == "number":
        known = sorted((each, option.text) for option in options if (each := answers.range_of(option.text)))
        for (low, one), (high, other) in pairwise(known):
            if low[1] >= high[0]:
                faults.add(line, f"“{one}” and “{other}” have numbers in common; make a tolerance smaller.")
        options.append(Option(text=answers.OTHER_NUMBER))
    return tuple(options)


def _of_mistake(block: StepBlock, where: Block, faults: Faults) -> tuple[Option, ...]:
    """The options of a mistake of ours, in the order that the step gives them."""
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


def _option(item: Item, block: StepBlock, settings: Query, heads: Sequence[str], faults: Faults) -> Option:
    line, text = item.line, item.text
    if not text or len(text) > LONGEST_OPTION:
        faults.add(line, f"The text of an option has 1 to {LONGEST_OPTION} characters.")
    if block.ask.answer == "number" and text and answers.range_of(text) is None:
        faults.add(line, f"“{text[:40]}” is no number; write one such as 2, 2 ± 0.1 or 2 ± 5 %.")
    test = item.notes.expect
    if item.ticked and (test or item.notes.untested) and block.ask.answer != "several":
        faults.add(line, "A test in braces belongs to a wrong option; that of the right one is “expect” in the block.")
    if test and item.notes.untested:
        faults.add(line, "An option has “expect” or “untested”, not both.")
    expected = checks.read_condition(test, block, heads, line, faults) if test else None
    if link := item.notes.attempt:
        _check_attempt(links.read(link, line, faults), settings, line, faults)
    return Option(text=text, right=item.ticked, expected=expected, **item.notes.model_dump())


def _check_attempt(own: Query, settings: Query, line: int, faults: Faults) -> None:
    """Report what is wrong with the settings of `try`, joined with those of the step."""
    known = links.invalid_settings(settings)
    sentences = [sentence for sentence in links.invalid_settings(settings | own) if sentence not in known]
    if own and not sentences and read_query(settings)[0] == read_query(settings | own)[0]:
        sentences = ["“try” changes nothing: the step has these settings already."]
    for sentence in sentences:
        faults.add(line, sentence)
