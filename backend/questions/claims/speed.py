"""Claim 10: the fused model is faster. Its evidence is a point of the Speed page, with the visitor's own heads.

The worker does not execute the shown code but measures in `backend/worker/claim_speed.py`, which says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

import numpy as np

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.experiment.url import text_of, write_query
from backend.machine import Machine
from backend.questions.base import Measured
from backend.questions.claims.base import Claim, Kind, Verdict, needs_fused, ratio_words, script, x_line
from backend.questions.claims.shapes import losses
from backend.questions.pictures import Readings, Reference, Spread
from backend.questions.speed import findings
from backend.questions.speed.in_turns import compare, timed
from backend.questions.speed.result import Point
from backend.questions.speed.sweep import COMPARED, Sweep
from backend.scripts.source import source_of
from backend.statistics.intervals import CONFIDENCE, Difference

OPTIONS = ("longer", "no difference that can be measured", "shorter")
_KINDS: Mapping[Difference, tuple[Kind, str]] = {
    "slower": ("true", OPTIONS[0]),
    "within noise": ("undecided", OPTIONS[1]),
    "faster": ("false", OPTIONS[2]),
}
#: The columns of the table of Speed that claim 10 shows.
_COLUMNS = ("style", "train step (ms)", "first call (s)", "operations", "variables")


class Timings(Measured):
    """A `point` of a sweep, on which `machine`, and when in UTC."""

    point: Point
    machine: Machine
    measured_at: datetime


def judge(experiment: Experiment, evidence: Timings) -> Verdict:
    """The time of a train step with one layer per head over that with one layer for all, as on Speed."""
    points, ratio, machine = [evidence.point], evidence.point.ratio, evidence.machine
    if ratio is None:
        raise ValueError("claim 10 needs at least one round of readings")
    why = (
        f"{findings.explanation(points, 'fit')}\n\n{findings.control(points, 'fit')} [Speed]({_link(experiment)}) "
        f"measures other numbers of heads. (Measured {evidence.measured_at:%Y-%m-%d at %H:%M} UTC on {machine.name}, "
        f"at a load of {machine.load:.1f}.)"
    )
    rows = [{name: row[name] for name in _COLUMNS} for row in findings.rows(points)]
    kind, answer = _KINDS[ratio.verdict]
    _, finding = findings.answer(points, "fit")
    return Verdict(answer, finding, why, rows, kind=kind, figure=ratio_words(ratio.median))


def picture(experiment: Experiment, evidence: Timings) -> Spread:
    """The ratio of each round, with its interval."""
    point, ratio = evidence.point, evidence.point.ratio
    above, below = (point.styles[style].train for style in COMPARED)
    ratios = [one / other for one, other in zip(above, below, strict=True)]
    low, high = (ratio.low, ratio.high) if ratio else (None, None)
    title = f"Train step, {findings.SEPARATE} ÷ {findings.FUSED}, with the {CONFIDENCE:.0%} interval"
    return Spread(title, [Readings(findings.heads(point.k), ratios, "", low, high)], Reference(1.0, "equally fast"))


def _link(experiment: Experiment) -> str:
    """A link to the Speed page with the visitor's settings and their number of heads among those measured."""
    heads = sorted({*Sweep().heads, len(experiment.architecture.heads)})
    return f"speed?{urlencode(write_query(experiment) | {'k': [text_of(heads)]}, doseq=True)}"


def code(experiment: Experiment) -> str:
    """Time train steps of both in turns and print the ratio with the interval that claim 10 uses."""
    architecture, training = experiment.architecture, experiment.training
    optimizer = OPTIMIZERS[training.optimizer]  # the rate changes no time
    batch = min(training.batch, experiment.sequences.samples)
    ends = np.cumsum([head.units for head in architecture.heads])[:-1].tolist()
    one, several = (losses(architecture, STYLES[key]) for key in ("sequential", "functional"))
    lines = f"""\
import tensorflow as tf
from time import perf_counter

{x_line(experiment, batch)}
y = np.random.default_rng(1).uniform(size=({batch}, {architecture.output_units})).astype("float32")

{source_of([timed, compare])}

def stepper(model, loss, targets):
    model.compile(optimizer={optimizer.source(optimizer.default_rate)}, loss=loss)
    batches = iter(tf.data.Dataset.from_tensor_slices((x, targets)).batch({batch}).repeat())
    return timed(model, batches)

a, b, c = sequential(), functional(), sequential()  # c is the control: the same as a
one, several = ({one!r}, y), ({several!r}, tuple(np.split(y, {ends}, axis=1)))
ratio, low, high = compare([stepper(b, *several), stepper(a, *one), stepper(c, *one)])
print(f"b over a {{ratio:.2f}}, interval {{low:.2f}} to {{high:.2f}}")
print(len(a.trainable_variables), len(b.trainable_variables))
"""
    return script(experiment, lines)


CLAIM = Claim(
    key="speed",
    number=10,
    title="Is one layer for all heads faster?",
    source="the third answer",
    statement="One Dense layer for all heads should be faster, because it can be optimized better. The author did "
    "not test this.",
    question="How long does a train step take with one output layer for each head, compared with one for all?",
    options=OPTIONS,
    replies=("yes, {} times as fast", "not measurable here", "no, {} times as fast"),
    test=judge,
    draw=picture,
    code=code,
    evidence=Timings,
    measure="backend.worker.claim_speed:measure",
    inapplicable_reason=needs_fused,
)
