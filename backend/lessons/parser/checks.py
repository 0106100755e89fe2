"""Checks that the names in a step's block exist, and that they fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from backend.experiment.names import present_name
from backend.lessons import expect
from backend.lessons.figure import BadExpectation
from backend.lessons.lesson import MOST_LINES, StepBlock
from backend.lessons.scripts import missing_lines
from backend.lessons.vocabulary import BEFORE, CONTROLS, OPEN, PANELS, PARTS
from backend.markdown.blocks import Block, Path
from backend.markdown.faults import Faults
from backend.questions.mistakes import MISTAKES


def check_block(block: StepBlock, where: Block, faults: Faults) -> None:
    """Check panels, controls, run and rounds of a step, and what is said of a mistake."""
    for is_wrong, path, sentence in _rules(block):
        if is_wrong:
            faults.add(where.line(path), sentence)


def _rules(block: StepBlock) -> Iterator[tuple[bool, Path, str]]:
    page, has_run, is_mistake = block.page, block.run != "none", block.page == "mistake"
    for key, what, known in (
        ("show", f"panel “{{}}” on the page {page}", PANELS[page]),
        ("allow", "control “{}”", CONTROLS),
        ("before", f"panel “{{}}” of the page {page} that may stand before the question", BEFORE.get(page, ())),
    ):
        names: tuple[str, ...] = getattr(block, key)
        there = f"there are {', '.join(known)}" if known else "there is none"
        unknown = [i for i, name in enumerate(names) if name not in known]
        written = "” or “".join(names[i][:40] for i in unknown)
        yield bool(unknown), (key, *unknown[:1]), f"There is no {what.format(written)}; {there}."
    for key, names in (("show", (*block.before, *block.show)), ("allow", block.allow)):
        yield len({*names}) < len(names), (key,), f"“{key}” names something twice; what is in “before” stays in view."
    panels = {*block.show, *block.before}
    are_known = panels <= PANELS[page].keys()
    is_result = page == "train" and are_known and not panels <= OPEN
    yield (
        has_run and page != "train" and are_known, ("run",),
        f"Only the page train has a run; on the page {page}, run is none.",
    )  # fmt: skip
    yield is_result and not has_run, ("show",), "These panels show a run; write “run: shared” or “run: seed”."
    yield (
        bool(block.before) and block.run == "seed", ("before",),
        "Before the question, a step shows one run for all; write “run: shared”.",
    )  # fmt: skip
    yield (
        bool(block.compare or block.allow) and not (has_run or is_result),
        ("compare",) if block.compare else ("allow",),
        "“compare” and “allow” are about a run; write “page: train” and “run: shared”.",
    )  # fmt: skip
    yield (
        (block.ask.rounds == 2) != (block.ask.discuss > 0), ("ask",),
        "With “rounds: 2”, write how many seconds people “discuss”; with one round, remove “discuss”.",
    )  # fmt: skip
    yield (
        is_mistake and (len(block.show) > 1 or block.ask.answer != "one" or bool(block.expect)), (),
        "A step on the page mistake shows one mistake, has one right option and no “expect”.",
    )  # fmt: skip
    shows = is_mistake and block.show == ("scripts",)
    yield (
        shows != bool(block.scripts), ("scripts",),
        "A mistake of your own is two scripts; write “page: mistake”, “show: [scripts]” and “scripts: [wrong.py, "
        "right.py]”.",
    )  # fmt: skip
    yield (
        bool(block.order) and (shows or not is_mistake), ("order",),
        "Only a mistake of Two Heads takes “order”; write the options in their order.",
    )  # fmt: skip
    ranges = block.line_ranges
    yield (
        bool(ranges) and (not (is_mistake and all(ranges)) or sum(map(len, ranges)) > MOST_LINES), ("lines",),
        f"“lines” are at most {MOST_LINES} lines of a script on the page mistake, and 7-9 are the lines 7 to 9.",
    )  # fmt: skip
    if is_mistake and (mistake := MISTAKES.get(block.show[0])) is not None:
        beyond = missing_lines(block, mistake)
        yield bool(beyond), ("lines",), beyond


def check_terms(terms: Iterable[tuple[int, str]], block: StepBlock, heads: int, faults: Faults) -> None:
    """Check that each term (line and name) is a part of a picture that the step, which has so many `heads`, shows."""
    tested = [name for name, (_, panels) in PARTS.items() if {*panels} & {*block.show, *block.before}]
    known = {name.replace("N", str(i + 1)) for name in tested for i in range(heads)}
    for line, name in terms:
        if name not in known:
            there = f"there are {', '.join(tested)}, with the number of a head for N" if tested else "there is none"
            faults.add(line, f"“{name[:40]}” is no part of a picture that the step shows; {there}.")


def read_expected(block: StepBlock, where: Block, heads: Sequence[str], faults: Faults) -> expect.Expectation | None:
    """The expectation of the ticked option; None without one, which is a fault unless the step shows a mistake."""
    line = where.line(("expect",))
    if block.expect:
        return read_condition(block.expect, block, heads, line, faults)
    if block.page != "mistake":
        faults.add(line, "The step does not say what its ticked option expects; write “expect: …”.")
    return None


def read_condition(
    text: str, block: StepBlock, heads: Sequence[str], line: int, faults: Faults
) -> expect.Expectation | None:
    """A condition on what is measured of a step with these heads; None if it cannot be read."""
    try:
        expectation = expect.parse(text)
    except BadExpectation as bad:
        faults.add(line, f"“expect” cannot be checked: {bad}")
        return None
    shows_run = block.page == "train" and not OPEN.issuperset(block.show)  # then its missing run is a fault already
    if block.run == "none" and not shows_run and ("run", "") in expectation.sources:
        faults.add(line, "“expect” names a figure of a run, and this step has none.")
    named = dict.fromkeys(name for test in expectation.tests for name in test.figure.heads_in(test.argument))
    for name in named:
        if present_name(name, heads) not in heads:
            faults.add(line, f"“expect” names the head “{name[:40]}”; the step's heads are {', '.join(heads)}.")
    return expectation
