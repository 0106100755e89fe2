"""Checks that the names in a step's block exist, and that they fit together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from backend.experiment.names import present_name
from backend.lessons import expect
from backend.lessons.lesson import StepBlock
from backend.lessons.vocabulary import BEFORE, CONTROLS, PANELS, PARTS
from backend.markdown.blocks import Block
from backend.markdown.faults import Faults
from backend.questions.mistakes.base import SCRIPT_NAME


def check_block(block: StepBlock, where: Block, faults: Faults) -> None:
    """Check panels, controls, run and rounds of a step."""
    _check_names(block, where, faults)
    _check_scripts(block, where, faults)
    if block.page != "train" and block.run != "none":
        faults.add(where.line(("run",)), f"Only the page train has a run; on the page {block.page}, run is none.")
    elif block.run == "none" and block.page == "train" and _shows_a_result(block):
        faults.add(where.line(("show",)), "These panels show a run; write “run: shared” or “run: seed”.")
    if block.compare and block.run == "none":
        faults.add(where.line(("compare",)), "“compare” is about a run; write “page: train” and “run: shared”.")
    if block.allow and block.run == "none":
        faults.add(where.line(("allow",)), "Controls change a run, and this step has none.")
    if (block.ask.rounds == 2) != (block.ask.discuss > 0):
        wanted = "With “rounds: 2”, write how many seconds people “discuss”; with one round, remove “discuss”."
        faults.add(where.line(("ask",)), wanted)


def check_terms(terms: Iterable[tuple[int, str]], block: StepBlock, heads: int | None, faults: Faults) -> None:
    """Check that each term (line and name) is a part of a picture that the step shows. `heads` is None if not known."""
    for line, name in terms:
        word, _, number = name.partition("-")
        known = f"{word}-N" if number else word
        if known not in PARTS:
            faults.add(line, f"There is no part “{name[:40]}” of a picture; the parts are {', '.join(PARTS)}.")
        elif not set(PARTS[known][1]) & {*block.show, *block.before}:
            panels = " or ".join(f"“{panel}”" for panel in PARTS[known][1])
            faults.add(line, f"The part “{name}” is shown in the panel {panels}, and the step does not show it.")
        elif number and heads is not None and not (number.isdecimal() and 1 <= int(number) <= heads):
            faults.add(line, f"The part “{name}” ends in the number of a head, and the step has {heads}.")


def check_heads(expected: expect.Expectation | None, heads: Sequence[str], line: int, faults: Faults) -> None:
    """Check that the heads that a condition names are heads of the step."""
    for test in expected.tests if expected else ():
        for name in test.figure.heads_in(test.argument):
            if present_name(name, heads) not in heads:
                faults.add(
                    line,
                    f"“expect” names the head “{name[:40]}”; the step's heads are {', '.join(heads)}.",
                )


def read_expected(block: StepBlock, where: Block, faults: Faults) -> expect.Expectation | None:
    """The expectation of the ticked option; None without one, which is a fault unless the step shows a mistake."""
    line = where.line(("expect",))
    if block.expect:
        return read_condition(block.expect, block, line, faults)
    if block.page != "mistake":
        faults.add(line, "The step does not say what its ticked option expects; write “expect: …”.")
    return None


def read_condition(text: str, block: StepBlock, line: int, faults: Faults) -> expect.Expectation | None:
    """A condition on what is measured; None if it cannot be read."""
    try:
        expectation = expect.parse(text)
    except expect.BadExpectation as bad:
        faults.add(line, f"“expect” cannot be checked: {bad}")
        return None
    if block.run == "none" and any(kind in ("run", "gradients") for kind, _ in expectation.sources):
        faults.add(line, "“expect” names a figure of a run, and this step has none.")
    return expectation


def _check_scripts(block: StepBlock, where: Block, faults: Faults) -> None:
    """Check the names of an author's scripts, and that nothing else is said of them."""
    shows = block.page == "mistake" and block.show == ("scripts",)
    if not block.scripts:
        if shows:
            faults.add(
                where.line(("show",)), "The panel “scripts” shows two scripts; write “scripts: [wrong.py, right.py]”."
            )
        return
    line = where.line(("scripts",))
    if not shows:
        faults.add(line, "Scripts are a mistake; write “page: mistake” and “show: [scripts]”.")
    if len(block.scripts) != 2:
        faults.add(line, "“scripts” names two: the one that goes wrong, and the corrected one.")
    for name in block.scripts:
        if not re.fullmatch(SCRIPT_NAME, name):
            faults.add(
                line,
                f"“{name[:60]}” is no name of a script; it has only letters, digits, - and _, and ends in .py.",
            )
    if block.ask.answer != "one":
        faults.add(where.line(("ask", "answer")), "A mistake has one right option; remove “answer”.")
    if block.expect:
        faults.add(where.line(("expect",)), "A mistake is checked by itself; remove “expect”.")


def _check_names(block: StepBlock, where: Block, faults: Faults) -> None:
    panels = PANELS[block.page]
    for i, name in enumerate(block.show):
        if name not in panels:
            known = f"its panels are {', '.join(panels)}" if panels else "it has none yet"
            faults.add(where.line(("show", i)), f"There is no panel “{name[:40]}” on the page {block.page}; {known}.")
    for i, name in enumerate(block.allow):
        if name not in CONTROLS:
            known = ", ".join(CONTROLS)
            faults.add(where.line(("allow", i)), f"There is no control “{name[:40]}”; the controls are {known}.")
    known = ", ".join(BEFORE.get(block.page, ()))
    for i, name in enumerate(block.before):
        if name not in BEFORE.get(block.page, ()):
            which = f"these panels can: {known}" if known else "only those of the pages train and lab can"
            faults.add(
                where.line(("before", i)),
                f"The panel “{name[:40]}” of the page {block.page} cannot be shown before the question; {which}.",
            )
        elif name in block.show:
            faults.add(where.line(("before", i)), f"“before” and “show” both name “{name}”; it stays in view.")
    if block.before and block.run == "seed":
        faults.add(where.line(("before",)), "Before the question, a step shows one run for all; write “run: shared”.")
    for name in ("show", "allow", "before"):
        if len(set(getattr(block, name))) < len(getattr(block, name)):
            faults.add(where.line((name,)), f"“{name}” names something twice.")


def _shows_a_result(block: StepBlock) -> bool:
    panels = PANELS[block.page]
    return any(name in panels and panels[name].sealed for name in (*block.show, *block.before))
