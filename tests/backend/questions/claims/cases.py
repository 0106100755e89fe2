"""Architectures of every kind for the claims, and their evidence and code for real."""

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.jobs.runtime import Context
from backend.questions.claims.job import ClaimJob
from backend.worker.question import question as measure
from backend.worker.script import run_script
from tests.builders import fresh_python
from tests.builders.shared import once

head = Head.for_task


def experiment(**architecture):
    """An experiment on the thread's network with changes."""
    return Experiment(architecture=Architecture(**architecture))


DEFAULT = experiment()
#: The thread's network with less to trace.
SMALL = experiment(timesteps=2, lstm=(3,))
ONE_HEAD = experiment(timesteps=4, heads=(head("level"),))
SIXTEEN = experiment(timesteps=4, heads=tuple(head("spike", name=f"s{i}") for i in range(16)))
SEVERAL_UNITS = experiment(
    timesteps=4, features=3, heads=(head("level", units=3), head("trend", units=1), head("last", units=2))
)
MIXED = experiment(heads=(head("level"), head("spike"), head("waveform", units=3)))
HIDDEN = experiment(timesteps=4, heads=(head("level", hidden=(1,)), head("trend", hidden=(2, 1), activation="relu")))
NO_DENSE = experiment(
    timesteps=12, lstm=(3, 3, 3), dense=(), heads=(head("level", loss="mae"), head("trend", loss="mae"))
)
BENT = experiment(timesteps=4, dense=(DenseLayer(units=6, activation="relu"), DenseLayer(units=5)))


def measured(claim, on):
    """The evidence of a claim that applies, as a worker measures it."""
    job = ClaimJob(question=claim.key, settings=on)
    return once(f"claim {claim.key}", lambda: measure(job, Context())) if on == DEFAULT else measure(job, Context())


def measured_from(claim, source):
    """The evidence of a claim, measured by other code than its own."""
    return run_script(source, claim.evidence, Context())


def judged(claim, on):
    """The verdict of a claim, measured where it applies."""
    return claim.judge(on, None if claim.inapplicable_reason(on) else measured(claim, on))


def printed(claim, on):
    """What the claim's code prints in a fresh Python with nothing of ours on its path."""
    return fresh_python.printed(claim.code(on))
