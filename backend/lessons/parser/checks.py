"""Checks that the names in a step's block exist, and that they fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from backend.experiment.names import present_name
from backend.lessons import expect
from backend.lessons.figure import BadExpectation
from backend.lessons.lesson import StepBlock
from backend.lessons.vocabulary import BEFORE, CONTROLS, PANELS, PARTS
from backend.markdown.blocks import Block, Path
from backend.markdown.faults import Faults


def check_block(block: StepBlock, where: Block, faults: Faults) -> None:
    """Check panels, controls, run and rounds of a step, and what is said of a mistake."""
    for is_wrong, path, sentence in (*_of_names(block), *_of_run(block), *_of_mistake(block)):
        if is_wrong:
            faults.add(where.line(path), sentence)


Rule = tuple[bool, Path, str]


def _of_names(block: StepBlock) -> Iterator[Rule]:
    page, panels = block.page, PANELS[block.page]
    for key, what, known in (
        ("show", f"panel “{{}}” on the page {page}", panels),
        ("allow", "control “{}”", CONTROLS),
        ("before", f"panel “{{}}” of the page {page} that may stand before the question", BEFORE.get(page, ())),
    ):
        names: tuple[str, ...] = getattr(block, key)
        for i, name in enumerate(names):
            there = f"there are {', '.join(known)}" if known else "there is none"
            yield name not in known, (key, i), f"There is no {what.format(name[:40])}; {there}."
        yield len({*names}) < len(names), (key,), f"“{key}” names something twice."
    twice = {*block.before} & {*block.show}
    yield bool(twice), ("before",), f"“before” and “show” both name “{', '.join(twice)}”; it stays in view."


def _of_run(block: StepBlock) -> Iterator[Rule]:
    page, has_run = block.page, block.run != "none"
    panels = [PANELS[page][name] for name in (*block.show, *block.before) if name in PANELS[page]]
    is_result = page == "train" and any(panel.sealed for panel in panels)
    yield has_run and page != "train", ("run",), f"Only the page train has a run; on the page {page}, run is none."
    yield is_result and not has_run, ("show",), "These panels show a run; write “run: shared” or “run: seed”."
    yield (
        bool(block.before) and block.run == "seed", ("before",),
        "Before the question, a step shows one run for all; write “run: shared”.",
    )  # fmt: skip
    yield (
        bool(block.compare) and not has_run, ("compare",),
        "“compare” is about a run; write “page: train” and “run: shared”.",
    )  # fmt: skip
    yield bool(block.allow) and not has_run, ("allow",), "Controls change a run, and this step has none."
    yield (
        (block.ask.rounds == 2) != (block.ask.discuss > 0), ("ask",),
        "With “rounds: 2”, write how many seconds people “discuss”; with one round, remove “discuss”.",
    )  # fmt: skip


def _of_mistake(block: StepBlock) -> Iterator[Rule]:
    is_mistake, scripts = block.page == "mistake", block.scripts
    yield is_mistake and len(block.show) > 1, ("show",), "A step shows one mistake."
    yield (
        is_mistake and block.ask.answer != "one",
        ("ask", "answer"),
        "A mistake has one right option; remove “answer”.",
    )
    yield is_mistake and bool(block.expect), ("expect",), "A mistake is checked by itself; remove “expect”."
    shows = is_mistake and block.show == ("scripts",)
    form = "write “page: mistake”, “show: [scripts]” and “scripts: [wrong.py, right.py]”"
    yield (
        shows != bool(scripts),
        ("scripts",) if scripts else ("show",),
        f"A mistake of your own is two scripts; {form}.",
    )
    yield (
        bool(block.order) and (shows or not is_mistake), ("order",),
        "Only a mistake of Two Heads takes “order”; write the options in their order.",
    )  # fmt: skip


def check_terms(terms: Iterable[tuple[int, str]], block: StepBlock, heads: int, faults: Faults) -> None:
    """Check that each term (line and name) is a part of a picture that the step, which has so many `heads`, shows."""
    for line, name in terms:
        word, _, number = name.partition("-")
        known = f"{word}-N" if number else word
        if known not in PARTS:
            faults.add(line, f"There is no part “{name[:40]}” of a picture; the parts are {', '.join(PARTS)}.")
        elif not set(PARTS[known][1]) & {*block.show, *block.before}:
            panels = " or ".join(f"“{panel}”" for panel in PARTS[known][1])
            faults.add(line, f"The part “{name}” is shown in the panel {panels}, and the step does not show it.")
        elif number and not (number.isdecimal() and 1 <= int(number) <= heads):
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
    except BadExpectation as bad:
        faults.add(line, f"“expect” cannot be checked: {bad}")
        return None
    if block.run == "none" and ("run", "") in expectation.sources:
        faults.add(line, "“expect” names a figure of a run, and this step has none.")
    return expectation
