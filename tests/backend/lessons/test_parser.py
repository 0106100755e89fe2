"""The parser: a golden lesson, every fault with its line, and that no text crashes it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lessons import InvalidLesson, LessonError, load, parse
from backend.lessons.library import SHIPPED
from backend.lessons.parser import attempt
from backend.questions.mistakes import MISTAKES
from tests.builders.lessons import GOLDEN, HERE


def test_the_golden_lesson_is_read_as_recorded():
    lesson = parse(GOLDEN, "golden.md")
    assert lesson.model_dump(mode="json") == json.loads((HERE / "golden.json").read_text(encoding="utf-8"))
    first, second = lesson.steps
    assert (first.line, second.line) == (8, 42)
    assert first.experiment.training.optimizer == "sgd"
    assert (first.experiment.training.epochs, second.experiment.training.epochs) == (3, 3)
    assert first.expected is not None
    assert first.expected.sources == (("run", ""), ("claim", "parameters"))
    assert first.right == 1


COMPARE = """---
id: two
title: Two settings
minutes: 3
base: "batch=64&epochs=3"
---

## Batches {#batches}

```step
page: train
compare: ["batch=8&combine=mean", "batch=256&combine=uw"]
show: [totals]
run: shared
expect: "share(gap(right, level) > 1) >= 0.6 and best_epoch(left) <= 3"
```

Which?

- [x] one {try: "right_batch=512"}
- [ ] other
"""


def test_a_step_compares_two_settings_of_one_style():
    step = parse(COMPARE).steps[0]
    left, right = step.experiment.sides()
    assert [each.experiment.training.batch for each in (left, right)] == [8, 256]
    assert [each.experiment.training.combine for each in (left, right)] == ["mean", "uw"]
    assert left.style is right.style
    assert step.sources == (("run", ""),)
    assert attempt(step, step.options[0]).sides()[1].experiment.training.batch == 512
    plain = parse(COMPARE.replace('compare: ["batch=8&combine=mean", "batch=256&combine=uw"]\n', "")).steps[0]
    assert "compare" not in repr(plain.block), "keys of older lessons stay"


#: What is changed in the golden lesson, and the line and the reason of the error that follows.
FAULTS = {
    "no front matter": (("---\nid: small", "id: small"), 1, "has to begin with id, title and minutes"),
    "an id": (("id: small", "id: Small one"), 2, "“id” takes a lowercase letter"),
    "a missing title": (('title: "A small lesson: two steps"\n', ""), 2, "The key “title” is missing in the"),
    "minutes that are no number": (("minutes: 8", "minutes: many"), 4, "“minutes” takes a whole number of minutes"),
    "minutes that do not add up": (("minutes: 8", "minutes: 30"), 4, "The steps take 8.8 minutes (think"),
    "an unknown setting in the base": (("epochs=3&", "epoch=3&"), 5, "The link's epoch = “3” cannot be used"),
    "a step without an id": (("## The sum {#sum}", "## The sum"), 8, "The title of a step ends in its id"),
    "an id twice": (("{#none}", "{#sum}"), 42, "Two steps have the id “sum”."),
    "settings that do not fit the base": (("combine=sum&", "timesteps=1&"), 12, "head 2, task = “trend”"),
    "an unknown panel": (("[totals, ratio]", "[totals, curves]"), 13, "There is no panel “curves” on the page train"),
    "an unknown setting to compare": (
        ("combine=sum&optimizer=sgd\"", "optimizer=sgd\"\ncompare: ['samples=64', 'samples=96']"), 13,
        "“compare” cannot compare samples; both runs have the same sequences",
    ),
    "settings to compare that name other keys": (
        ("run: seed", "run: seed\ncompare: [batch=8, combine=mean]"), 16, "name the same keys",
    ),
    "panels of another page": (("page: train", "page: claims"), 13, "no panel “totals” or “ratio” on the page"),
    "panels of a run without one": (("run: seed", "run: none"), 13, "write “run: shared” or “run: seed”"),
    "a run on a page without one": (("page: claims", "page: claims\nrun: seed"), 46, "Only the page train has a run"),
    "two rounds without time to discuss": (("discuss: 60", "discuss: 0"), 16, "With “rounds: 2”, write how many"),
    "a key twice": (("run: seed", "run: seed\nrun: shared"), 16, "the key “run” is there twice."),
    "an alias": (("run: seed", "run: &a seed\nallow: [*a]"), 11, "it uses an alias"),
    "no expect": (("expect: parameters = 4762\n", ""), 45, "The step does not say what its ticked option expects"),
    "an unknown figure": (("median(ratio)", "median(ratios)"), 17, "there is no figure “ratios”"),
    "two blocks": (("How many?", "```step\npage: claims\n```\n\nHow many?"), 51, "The block of settings stands once"),
    "no block": (("```step\npage: claims", "```yaml\npage: claims"), 42, "The step has no block of settings"),
    "HTML": (("How many?", "How <b>many</b>?"), 51, "HTML is not displayed"),
    "a picture": (("How many?", "How ![many](https://example.org/many.png)?"), 51, "has no pictures of its own"),
    "a link that runs code": (("One reason", "One\n[reason](JavaScript:alert(1))"), 36, "The link to “JavaScript:"),
    "a link in an option": (("- [ ] more", "- [ ] [more](file:///etc/passwd)"), 54, "The link to “file:///etc/passwd”"),
    "a link by its name": (("One reason", "[One] reason\n\n[One]: data:text/plain,1"), 35, "The link to “data:text/"),
    "a heading twice": (("### Notes", "### Why"), 38, "each at most once"),
    "one option": (("- [ ] more\n", ""), 53, "A step takes 2 to 6 options, not 1."),
    "two ticked options": (("- [ ] half", "- [x] half"), 24, "2 options are ticked; one is right, or write “answer:"),
    "an unknown kind of answer": (("think: 90}", "think: 90, answer: both}"), 47, "“answer” takes one, several or num"),
    "a picture of several runs": (("run: seed", "run: seed\nbefore: [tasks]"), 16, "shows one run for all; write"),
    "a picture with a verdict": (("[parameters]\nask", "[parameters]\nbefore: [speed]\nask"), 47, "that may stand be"),
    "an option without a box": (("- [ ] more", "- more"), 54, "An option is one line that begins with “- [ ]”"),
    "a test of an option": (("{misconception: two", '{expect: ratios > 1, misconception: two'), 27, "no figure “rat"),
    "a test of the right option": (("- [x] 4,762", "- [x] 4,762 {expect: parameters = 1}"), 53, "to a wrong option"),
    "braces that are not closed": (("two-heads-share}", "two-heads-share"), 27, "The braces of this option are not"),
    "what to try is there": (("{misconception: two-heads-share}", "{try: optimizer=sgd}"), 27, "changes nothing"),
    "a block that is not closed": (("1.9..2.1 and claim(parameters) = true\"\n```", "1\""), 10, "three backticks"),
    "a tab": (("run: seed", "run: seed\n\ta: b"), 16, "is not YAML"),
    "a quotation mark that is not closed": (('optimizer=sgd"', "optimizer=sgd"), 17, "is not YAML"),
    "curly quotation marks": (("parameters = 4762", "“parameters = 4762”"), 48, "cannot be read"),
    "a part that is not shown": (("One reason", "[One](#part-task-1)"), 35, "“task-1” is no part of a pic"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_an_error_with_its_line_and_reason(fault: str) -> None:
    (before, after), line, reason = FAULTS[fault]
    with pytest.raises(InvalidLesson) as caught:
        parse(GOLDEN.replace(before, after, 1), "faulty.md")
    errors = caught.value.errors
    assert (line, True) == (errors[0].line, reason in errors[0].reason), caught.value
    assert all(error.sentence.startswith(f"faulty.md:{error.line}: ") for error in errors)
    assert len({error.reason for error in errors}) == 1, "one fault, one sentence"


@given(st.sampled_from(["javascript", "data", "vbscript", "file", "mailto", "blob", "ftp"]), st.data())
def test_a_disguised_link_is_found(scheme: str, data: st.DataObject) -> None:
    written = [st.sampled_from([each, each.upper(), f"&#{ord(each)};", f"&#x{ord(each):x};"]) for each in scheme]
    letters = [data.draw(each) for each in written]
    colon = data.draw(st.sampled_from([":", "&#58;", "&colon;", "\\:"]))
    text = data.draw(st.sampled_from(["[One]({})", "[One](<{}> 'title')", "[One][1]\n\n[1]: {}\n", "**[`One`]({})**"]))
    with pytest.raises(InvalidLesson, match=f"(?i)The link to “{scheme}:alert"):
        parse(GOLDEN.replace("One reason", text.format("".join(letters) + colon + "alert(1)")))


def test_all_faults_of_a_lesson_are_found_at_once():
    with pytest.raises(InvalidLesson) as caught:
        parse(GOLDEN.replace("[totals, ratio]", "[totals, curves]").replace("- [x] 4,762", "- [ ] 4,762"))
    assert len(caught.value.errors) == 2


MISTAKE = GOLDEN.replace("page: claims", "page: mistake").replace("[parameters]", "[clone]")


def test_a_step_about_a_mistake_has_the_mistakes_options():
    text = MISTAKE.replace("expect: parameters = 4762\n", "").replace("- [x] 4,762\n- [ ] more\n", "")
    step = parse(text).steps[1]
    assert tuple(option.text for option in step.options) == MISTAKES["clone"].options
    assert step.options[step.right].text == MISTAKES["clone"].ticked


pieces = st.sampled_from(
    ["---\n", "## A {#a}\n", "```step\n", "```\n", "- [x] ", "- [ ] ", "page: train\n", "show: [totals]\n", "### Why\n",
     "id: a\n", "minutes: 4\n", "{", "}", "[" * 60, "&a", "*a", ": ", "\n", "\n\n", "<b>", "![", "](", "\0", "\t", "> "]
)  # fmt: skip


def errors_of(text: str) -> tuple[LessonError, ...]:
    """The errors of a text; it is a lesson if there are none."""
    try:
        parse(text)
    except InvalidLesson as invalid:
        return invalid.errors or (LessonError("", 0, "no reason is given"),)
    return ()


@given(st.one_of(st.text(), st.lists(pieces | st.text(max_size=8), max_size=40).map("".join)))
def test_no_text_crashes_the_parser(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 2
    assert all(1 <= error.line <= lines for error in errors_of(text))


@given(st.data())
def test_no_change_of_a_lesson_crashes_the_parser(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GOLDEN)))
    end = data.draw(st.integers(start, min(start + 60, len(GOLDEN))))
    errors_of(GOLDEN[:start] + data.draw(st.text(max_size=20) | pieces) + GOLDEN[end:])


@pytest.mark.slow
def test_depth_is_no_way_to_crash_it():
    # Deeper than Python recurses. PyYAML reads brackets in quadratic time: 5,000 take 4 s.
    for deep in ("[" * 1100, "[" * 600 + "]" * 600, "{a: " * 1100, "> " * 1100, "- " * 1100, "*" * 1100):
        with pytest.raises(InvalidLesson):
            parse(GOLDEN.replace("[combine]", deep))


def test_the_shipped_lessons_have_no_fault():
    shelf = load(SHIPPED)
    assert not shelf.errors
    assert len(shelf.lessons) >= 3
    assert all(10 <= lesson.minutes <= 25 for lesson in shelf.lessons)
