"""The code that a claim shows is what its verdict stands on: both give the same figures, and no label enters it."""

import json
import math
import random

import pytest
from hypothesis import given

from backend.claims import CLAIMS
from backend.jobs.runtime import Cancelled, Context, flag
from backend.worker.script import run_script
from tests import fresh_python
from tests.backend.claims.cases import DEFAULT, SEVERAL_UNITS, experiment, head, measured
from tests.strategies import experiments

EXECUTED = [claim for claim in CLAIMS.values() if claim.evidence]
OTHER_LOSS = experiment(timesteps=4, heads=(head("spike"), head("spike", name="second")))

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
@pytest.mark.parametrize("on", [DEFAULT, SEVERAL_UNITS, OTHER_LOSS], ids=["default", "several units", "another loss"])
@pytest.mark.parametrize("claim", EXECUTED, ids=lambda claim: claim.key)
def test_the_shown_code_gives_the_figures_of_the_verdict(claim, on):
    lines, theirs = shown(claim, on)
    assert lines, "it prints what it found"
    mine, theirs = figures(measured(claim, on).model_dump()), figures(theirs.model_dump())
    assert mine.keys() == theirs.keys()
    for name, value in mine.items():
        close = pytest.approx(value, rel=1e-3, abs=2e-6) if isinstance(value, float) else value
        assert theirs[name] == close, name


def test_evidence_that_is_executed_is_every_claim_s_but_those_that_say_why_not():
    measured_apart = {claim.key for claim in CLAIMS.values() if claim.measured and not claim.evidence}
    assert measured_apart == {"averaged_summed", "optimizers", "speed"}


@given(experiments())
def test_code_is_python_and_holds_no_label(on):
    bare = on.unlabelled()
    for claim in CLAIMS.values():
        if not claim.inapplicable_reason(on):
            compile(claim.code(on), claim.key, "exec")
            assert claim.code(on) == claim.code(bare)


@pytest.mark.slow
@pytest.mark.parametrize("claim", EXECUTED, ids=lambda claim: claim.key)
def test_a_cancelled_claim_stops_where_its_code_prints_or_fits(claim):
    class Once(Context):
        """Wanted until the code has begun."""

        def __init__(self):
            super().__init__()
            self.looks = 0

        def cancelled(self):
            self.looks += 1
            return self.looks > 1

    context = Once()
    with pytest.raises(Cancelled):
        run_script(claim.code(DEFAULT), claim.evidence, context)
    assert context.looks == 2


def test_what_is_cancelled_before_does_not_begin():
    context = Context("a claim, cancelled")
    flag(context.job_id)
    with pytest.raises(Cancelled):
        run_script("raise AssertionError", EXECUTED[0].evidence, context)


def test_seeds_in_code_give_the_weights_of_a_fresh_process_whatever_else_draws():
    source = CLAIMS["same_function"].code(DEFAULT)
    evidence = CLAIMS["same_function"].evidence
    before = random.getstate()
    first = run_script(source, evidence, Context())
    assert random.getstate() == before, "Dask's threads draw from the generator of the process"
    random.random()
    assert run_script(source, evidence, Context()) == first
    assert math.isfinite(first.batches[32].output)
