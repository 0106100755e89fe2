"""The step with which an author begins: a lesson as soon as it has a head, about exactly the page's experiment."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.lessons import parse
from backend.lessons.vocabulary import PANELS, PageName
from backend.lessons.writer import draft
from tests.builders.strategies import experiments

FRONT = '---\nid: mine\ntitle: "Mine"\nminutes: 3\n---\n\n'
LABELLED = Experiment(architecture=Architecture(heads=(Head.for_task("level", label='{"a": `b`} ]- # é\\ ```'),)))
LONG = Experiment(
    architecture=Architecture(heads=tuple(Head.for_task("level", name=f"head_{n}", label="é" * 60) for n in range(20)))
)

#: What a page shows, and a test that an author may begin with.
SHOWN: tuple[tuple[PageName, tuple[str, ...], str], ...] = (
    ("compare", ("diagram", "graph"), "parameters < 0"),
    ("train", tuple(PANELS["train"]), "median(ratio) < 0"),
    ("claims", ("shapes",), "claim(shapes) = true"),
    ("topologies", ("mmoe",), "refused(mmoe) = true"),
)


@given(experiments(), st.sampled_from(SHOWN))
@example(Experiment(), SHOWN[0])
@example(LABELLED, SHOWN[1])
@example(LONG, SHOWN[1])
def test_what_is_written_is_a_step_about_the_pages_experiment(experiment, shown):
    page, panels, expect = shown
    text = draft(page, panels, experiment, expect)
    filled = text.replace("Write your question here.", "What is **the ratio**?").replace("The right answer", "About 2")
    for written in (text, filled):
        (step,) = parse(FRONT + written).steps
        assert step.experiment == experiment
        assert (step.block.page, step.block.show, step.block.expect) == shown
        assert step.block.run == ("shared" if page == "train" else "none")
        assert step.options[step.right].text == ("About 2" if written is filled else "The right answer")
