"""Runs that a change of a setting starts: only where the visitor wants it and it costs nobody anything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment.url import read_query
from backend.services import Services, serving
from backend.training.duration import DurationEstimator
from harness.local import until
from tests.builders.pages import ADA, BOB, button, drawn, replay, run, says, visit
from tests.builders.pages import until as drawn_until

SMALL = {"samples": "64", "epochs": "2", "lstm": "4", "timesteps": "4"}


@pytest.fixture
def services(recorded: Services):
    """A server whose worker is idle, and which has learned nothing of durations."""
    until(lambda: recorded.jobs.idle)
    with serving(replace(recorded, durations=DurationEstimator())) as fresh:
        yield fresh


def switched_on(**query: str) -> AppTest:
    at = run(visit("train.py", ADA, **query).toggle(key="train.switch").set_value(True))
    return run(at)  # a browser draws the whole page again, as the fragment has asked


def set_rate(at: AppTest, rate: float) -> AppTest:
    return run(at.number_input(key="training.learning_rate").set_value(rate))


def trained_rates(at: AppTest) -> list[float]:
    """The learning rates of the run on the page and of the earlier one."""
    runs = (at.session_state[key] for key in ("train.run", "train.before") if key in at.session_state)
    return [each.experiment.training.learning_rate for each in runs]


@pytest.mark.slow
def test_a_changed_rate_trains_again_and_keeps_the_run_before(services: Services) -> None:
    at = switched_on(**SMALL)
    assert trained_rates(at) == [], "the switch alone trains nothing"
    for rate in (0.01, 0.02):
        set_rate(at, rate)
        assert trained_rates(at)[0] == rate
        drawn_until(at, lambda at: says(at, "built in"))
    assert trained_rates(at) == [0.02, 0.01]
    assert drawn(at, "diagram")
    assert services.run_store.of_visitor(ADA) == [], "what starts by itself fills nobody's list"


def test_it_starts_nothing_while_another_visitor_s_run_has_the_worker(services: Services) -> None:
    at = switched_on(**SMALL)
    replay(0)
    experiment, _ = read_query({key: [value] for key, value in (SMALL | {"learning_rate": "0.01"}).items()})
    busy = services.runs.train(experiment, BOB)
    until(lambda: not services.jobs.idle)
    set_rate(at, 0.02)
    assert trained_rates(at) == []
    services.runs.cancel(busy, BOB)
    until(lambda: services.jobs.idle)
    assert trained_rates(run(at)) == [], "only a change starts a run"


def test_a_run_that_takes_longer_is_left_to_the_button(services: Services) -> None:
    at = set_rate(switched_on(epochs="100", seeds="10"), 0.01)
    assert trained_rates(at) == []
    assert not button(at, "Train").disabled
