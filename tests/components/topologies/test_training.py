"""What the page shows of the training of a topology, in each state."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from backend.questions.topologies.job import SeedEvent
from backend.questions.topologies.verdict import Scores, TopologyResult
from tests.builders.pages import charts

LOW, HIGH = [0.50, 0.52, 0.49, 0.51, 0.50], [0.60, 0.61, 0.58, 0.66, 0.59]


def drawn(**view: Any) -> AppTest:
    """The page's part for a training of the siamese topology that is in that state."""

    def page(view):
        from backend.jobs import JobView
        from backend.questions.topologies import TOPOLOGIES
        from components.topologies import training

        training.result(TOPOLOGIES["siamese"], JobView("id", "ada", "topology", 0.0, **view))

    at = AppTest.from_function(page, kwargs={"view": view}).run()
    assert not at.exception
    return at


def seeds(model: list[float], baseline: list[float]) -> list[SeedEvent]:
    return [SeedEvent(model=a, baseline=b) for a, b in zip(model, baseline, strict=True)]


def rows(at: AppTest) -> list[str]:
    """The rows of the picture."""
    (picture,) = [text.value for text in at.markdown if "<svg" in text.value]
    return re.findall(r">(after \d+ epochs)<", picture)


def verdicts(at: AppTest) -> list[str]:
    said = [line for markdown in at.markdown for line in markdown.value.split("  \n")]
    return [line for line in said if line.startswith("After ")]


def test_a_finished_training_has_the_verdict_of_the_longer_one_and_a_picture_of_both() -> None:
    short, long = Scores(model=HIGH, baseline=LOW), Scores(model=HIGH, baseline=HIGH)
    at = drawn(state="finished", stored_result=TopologyResult(scores={15: short, 60: long}))
    (only,) = verdicts(at)
    assert re.match("After 60 epochs, .* shows no difference from", only)
    assert rows(at) == ["after 15 epochs", "after 60 epochs"]


@pytest.mark.parametrize("state", ["running", "cancelled"])
def test_the_first_verdict_stays_while_the_longer_training_runs_and_after_a_cancel(state: str) -> None:
    at = drawn(state=state, stored_events=(*seeds(HIGH, LOW), *seeds(HIGH[:2], LOW[:2])))
    (only,) = verdicts(at)
    assert "After 15 epochs" in only
    assert rows(at) == ["after 15 epochs", "after 60 epochs"], "with the seeds so far of the longer one"


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_scores_that_are_nan_or_infinite_give_no_verdict_and_a_chart(bad: float) -> None:
    scores = Scores(model=[bad, *HIGH[1:]], baseline=LOW)
    at = drawn(state="finished", stored_result=TopologyResult(scores={15: scores, 60: scores}))
    (only,) = verdicts(at)
    assert "there is no verdict" in only
    assert charts(at) == 1
