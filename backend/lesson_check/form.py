"""Faults of a step that need no measurement: an option without a test, a test that says nothing, a panel not shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from backend.lesson_check.texts import number_of
from backend.lessons import Option, Step, answers
from backend.lessons.expect import Bounds, Condition, Expectation
from backend.lessons.figure import SEPARATOR
from backend.lessons.findings import sentences
from backend.lessons.vocabulary import PANELS, question_of, situation_of

#: The panels of the page compare that show the evidence of a claim.
_OF_CLAIM = {"parameters": ("parameters", "summary"), "fully_connected": ("diagram",), "shapes": ("graph", "summary")}
#: The panels of a run that show the losses of the heads, and those that show the totals.
_HEADS, _TOTALS = ("tasks", "player", "answer"), ("totals", "ratio", "answer")
_SHOWS = re.compile(r"\b(?:page|step|screen) shows\b", re.IGNORECASE)
#: The text of an option whose test cannot be measured because of the fault, if there is one; and the fault.
Fault = tuple[str, str]


def faults(step: Step) -> list[Fault]:
    """The faults of the step, each once."""
    if step.block.page == "mistake":
        return []
    found = {sentence: text for text, sentence in (*_untested(step), *_of_tests(step), *_of_numbers(step))}
    unseen = dict.fromkeys((*_hidden(step), *_unseen(step)))
    return [*((text, sentence) for sentence, text in found.items()), *(("", sentence) for sentence in unseen)]


def tested(step: Step) -> Iterator[tuple[Option, Expectation]]:
    """The options that have a test. That of the right option is in the block if only one can be right."""
    for option in step.options:
        expected = step.expected if option.right and step.kind != "several" else option.expected
        if expected:
            yield option, expected


def read_by_right(step: Step) -> set[str]:
    """The figures that the tests of the right options read."""
    every = [*(each for option, each in tested(step) if option.right), *([step.expected] if step.expected else [])]
    return {test.figure.name for each in every for test in each.tests}


def _untested(step: Step) -> Iterator[Fault]:
    known = [option for option, _ in tested(step)]
    for option in step.options if step.kind != "number" else ():
        if option not in known and not option.untested:
            tests = '{expect: "…"} behind it, or {untested: "why it has none"}'
            yield "", f"“{option.text}” has no test. Write {tests}."


def _of_tests(step: Step) -> Iterator[Fault]:
    """The faults of the tests by themselves, and of the one of a wrong option beside the one of the right option."""
    whole = [(step.ticked, step.expected)] if step.expected and step.kind == "several" else []
    for text, expectation in [*whole, *((option.text, each) for option, each in tested(step))]:
        found = [sentence for test in expectation.tests if (sentence := _fault(test, step))]
        yield from ((text, sentence) for sentence in found or _never_together(text, expectation))
    read = read_by_right(step)
    for option, expectation in tested(step):
        if option.right or not step.expected:
            continue
        if not read & {test.figure.name for test in expectation.tests}:
            figures = ", ".join(sorted(read))
            yield option.text, f"The test of “{option.text}” reads none of the figures of the right answer ({figures})."
        elif _implies(expectation, step.expected) and not any(_fault(test, step) for test in step.expected.tests):
            also = f"which also holds whenever “{option.text}” is right ({expectation.text})"
            yield option.text, f"“{step.ticked}” expects {step.expected.text}, {also}. Make the first test narrower."


def _fault(test: Condition, step: Step) -> str:
    """What is wrong with a test; empty if nothing is."""
    low, high = test.figure.domain(test.argument)
    for what, bounds, (least, most) in (
        (test.read, test.bounds, (low, high)), ("a share", test.share, (0.0, 1.0)),
    ):  # fmt: skip
        if bounds is None or bounds.word:
            continue
        written = f"{what} {bounds.text}"
        if bounds.contain(least, most):
            return f"“{written}” is true of every possible value. Write a test that fails if another option is right."
        if not bounds.meet(least, most):
            return f"“{written}” is true of no possible value. Write a test that holds if the option is right."
    if test.share and test.source[0] == "run" and step.block.run == "shared" and step.experiment.training.seeds == 1:
        return "“share” counts runs, but the step shows one run. Write “run: seed”, or test the figure by itself."
    return ""


def _never_together(text: str, expectation: Expectation) -> Iterator[str]:
    """A sentence if two tests of the same figure exclude each other."""
    for i, one in enumerate(expectation.tests):
        for other in expectation.tests[:i]:
            if _reads(one) == _reads(other) and not one.share and not one.bounds.word:
                low, high = max(one.bounds.low, other.bounds.low), min(one.bounds.high, other.bounds.high)
                if low > high or (low == high and not (one.bounds.closed and other.bounds.closed)):
                    yield f"The tests of “{text}” cannot hold together: {expectation.text}."
                    return


def _reads(test: Condition) -> tuple[str, str, bool]:
    return test.read, test.over, bool(test.share)


def _implies(one: Expectation, other: Expectation) -> bool:
    """Whether the other holds whenever this one does, as far as their bounds tell."""
    return all(any(_narrower(mine, test) for mine in one.tests) for test in other.tests)


def _narrower(one: Condition, other: Condition) -> bool:
    if one.read != other.read:
        return False
    if one.share and other.share:
        return one.bounds == other.bounds and _within(one.share, other.share)
    if one.share or other.share:
        return False
    return _within(one.bounds, other.bounds)


def _within(one: Bounds, other: Bounds) -> bool:
    if one.word or other.word:
        return one.word == other.word
    ends = (one.low, one.high, one.closed) == (other.low, other.high, other.closed)
    return ends or other.contain(one.low, one.high)


def shows(test: Condition, page: str, panels: Iterable[str]) -> bool:
    """Whether one of the panels shows the figure of the test, which belongs to a panel."""
    kind, key = test.source
    figure, panels = test.figure, [*panels]
    if kind == "run":
        of_heads = figure.name.startswith("task_") or figure.heads_in(test.argument)
        return bool({*panels} & {*(_HEADS if of_heads else _TOTALS)})
    if kind == "claim":
        of_claim = {"compare": _OF_CLAIM.get(key, ()), "claims": (key,)}.get(page, ())
        return bool({*panels} & {*of_claim})
    if kind == "topology":
        return key in panels
    if kind == "compass":
        situation, method = test.argument.split(SEPARATOR)
        return any(
            situation_of(panel) == situation and (panel.endswith("_methods") or method == "mean") for panel in panels
        )
    part = {"share_equal": test.argument == "hard, 1", "share_hard": test.argument.startswith("hard")}
    whole = not figure.name.startswith("sharing")
    return any(question_of(panel) == key and (whole or part.get(panel, True)) for panel in panels)


def _of_numbers(step: Step) -> Iterator[Fault]:
    """A sentence for each number of an option that its test excludes, and for each tolerance that is too large."""
    if step.kind == "number":
        yield from _of_ranges(step)
        return
    for option, expectation in tested(step):
        number = number_of(option.text)
        tests = [test.share or test.bounds for test in expectation.tests if not test.bounds.word]
        if number is not None and tests and not any(map(number.is_within, tests)):
            written = f"“{option.text}” says {number.text}, but its test is {expectation.text}."
            yield option.text, f"{written} The test of an option contains its number."


def _of_ranges(step: Step) -> Iterator[Fault]:
    """A sentence for each number whose tolerance is too large."""
    for test in step.expected.tests[:1] if step.expected else ():
        least, most = (0.0, 1.0) if test.share else test.figure.domain(test.argument)
        for option in step.options if least >= 0 else ():
            low, high = answers.range_of(option.text) or (0.0, 0.0)
            middle, tolerance = (low + high) / 2, (high - low) / 2
            if tolerance > middle / 2 > 0 or (middle == 0 and high >= most):
                sentence = f"“{option.text}” is too wide for {test.read}, which is never below 0."
                yield option.text, f"{sentence} Write a tolerance of at most half the number."


def _hidden(step: Step) -> Iterator[str]:
    """A sentence for each figure that no panel shows, or that a panel shows before the question that asks for it."""
    block = step.block
    every = [step.expected] if step.expected else []
    for test in (test for each in (*every, *(each for _, each in tested(step))) for test in each.tests):
        if test.figure.name == "dead_units" or test.source[0] == "gradients":
            continue  # they belong to no panel
        if not shows(test, block.page, (*block.before, *block.show)):
            yield (
                f"The step tests {test.read}, but none of its panels shows it ({', '.join(block.show)}). Show a panel "
                "that does, or test what is shown."
            )
        elif shows(test, block.page, block.before):
            yield (
                f"“before” shows {test.read} before the question that asks for it. Move the panel to “show”, or ask "
                "for something that it does not show."
            )


def _unseen(step: Step) -> Iterator[str]:
    """A sentence for each panel that a text says the page shows, and that the step does not show."""
    shown = {*step.block.show, *step.block.before}
    for text in (step.text, step.look, step.why):
        for sentence in sentences(text):
            after = _SHOWS.split(sentence, 1)[1:]
            for panel in PANELS[step.block.page]:
                names = re.escape(panel).replace("_", "[ _]")
                if after and panel not in shown and re.search(rf"\b{names}\b", after[0], re.IGNORECASE):
                    yield (
                        f"The text says that the page shows {panel}, but the step shows {', '.join(step.block.show)}. "
                        "Show this panel, or name one that is shown."
                    )
