"""The shown code of a claim gives the figures of its verdict, and no label enters it."""

import json
import math
import random

import pytest

from backend.jobs.runtime import Cancelled, Context
from backend.questions.claims import CLAIMS
from backend.worker.script import run_script
from tests.backend.questions.claims.cases import DEFAULT, SMALL, experiment, head, measured
from tests.builders import fresh_python

EXECUTED = [claim for claim in CLAIMS.values() if claim.measured and not claim.measure]
UNUSUAL = experiment(
    timesteps=4, features=3, heads=tuple(head(task, units=k, loss="huber") for task, k in (("level", 3), ("last", 2)))
)

#: Prints the variables that the evidence is read from, as a person at a prompt would look at them.
LOOK = """
import json
print(json.dumps([{names}]))
"""


def shown(claim, on):
    """What the claim's code prints in a plain interpreter, and its evidence read from there."""
    names = list(claim.evidence.model_fields)
    *lines, last = fresh_python.printed(claim.code(on) + LOOK.format(names=", ".join(names))).splitlines()
    return lines, claim.evidence.model_validate(dict(zip(names, json.loads(last), strict=True)))


def figures(value, path=""):
    """Every number and text within evidence, by where it stands."""
    if isinstance(value, dict):
        return {name: leaf for key, part in value.items() for name, leaf in figures(part, f"{path}/{key}").items()}
    if isinstance(value, list | tuple):
        return figures(dict(enumerate(value)), path)
    return {path: value}


@pytest.mark.slow
@pytest.mark.parametrize(
    "on",
    [
        pytest.param(DEFAULT, id="default"),
        pytest.param(UNUSUAL, id="several units and another loss", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize(
    "claim",
    [pytest.param(each, id=each.key, marks=() if each.key == "shapes" else pytest.mark.soak) for each in EXECUTED],
)
def test_the_shown_code_gives_the_figures_of_the_verdict(claim, on):
    lines, theirs = shown(claim, on)
    assert lines, "it prints what it found"
    mine, theirs = figures(measured(claim, on).model_dump()), figures(theirs.model_dump())
    assert mine.keys() == theirs.keys()
    for name, value in mine.items():
        close = pytest.approx(value, rel=1e-3, abs=2e-6) if isinstance(value, float) else value
        assert theirs[name] == close, name


@pytest.mark.slow
@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(each, id=each.key, marks=() if each.key in ("history_trap", "parameters") else pytest.mark.soak)
        for each in EXECUTED
    ],
)
def test_a_cancelled_claim_stops_at_a_print_or_a_batch_of_fit(claim):
    class Once(Context):
        """Cancelled after the code has begun."""

        def __init__(self):
            super().__init__()
            self.checks = 0

        def cancelled(self):
            self.checks += 1
            return self.checks > 1

    context = Once()
    with pytest.raises(Cancelled):
        run_script(claim.code(SMALL), claim.evidence, context)
    assert context.checks == 2


@pytest.mark.slow
def test_a_seed_in_the_code_gives_the_same_weights_whatever_other_threads_draw():
    source = CLAIMS["same_function"].code(DEFAULT)
    evidence = CLAIMS["same_function"].evidence
    before = random.getstate()
    first = run_script(source, evidence, Context())
    assert random.getstate() == before, "Dask's threads draw from the generator of the process"
    random.random()
    assert run_script(source, evidence, Context()) == first
    assert math.isfinite(first.batches[32].output)
