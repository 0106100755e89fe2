"""Claim 10: the fused model is faster.

The worker does not execute the shown code but measures in `backend/worker/claim_speed.py`, which says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

import numpy as np
from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.experiment.url import text_of, write_query
from backend.machine import Machine
from backend.questions.base import Measured
from backend.questions.claims.base import Claim, Kind, Verdict, needs_fused, ratio_words, script, x_line
from backend.questions.claims.shapes import losses
from backend.questions.pictures import Readings, Reference, Spread, of_style
from backend.questions.speed.in_turns import compare, timed
from backend.questions.speed.sweep import COMPARED, CONTROL, Sweep
from backend.scripts.source import source_of
from backend.statistics.intervals import CONFIDENCE, Difference, Ratio, controlled_ratio, paired_ratio
from backend.words import short

#: The control, and the styles that are shown: Sequential, Functional and the control.
_CONTROL = CONTROL[1]
_SHOWN = (CONTROL[0], COMPARED[0], _CONTROL)


class Timing(Measured):
    """One style: `seconds` of each train step, `first` call in seconds, `operations` and variables by kind.

    `weights`, `slots` (the optimizer's variables) and `trackers` (the metrics' variables) are counts.
    """

    seconds: list[Annotated[float, Field(gt=0, allow_inf_nan=False)]]
    first: float
    operations: int
    weights: int
    slots: int
    trackers: int

    @property
    def variables(self) -> int:
        """How many variables the train step keeps."""
        return self.weights + self.slots + self.trackers


class Timings(Measured):
    """`styles`: style key → its timing. Reading i of every style is of the same round. `measured_at` is in UTC."""

    styles: dict[str, Timing]
    machine: Machine
    measured_at: datetime


def judge(experiment: Experiment, evidence: Timings) -> Verdict:
    """Functional's time over Sequential's, pair by pair, with the interval and the control of the Speed page."""
    fused, separate, control = (evidence.styles[key] for key in _SHOWN)
    ratio = _paired_ratio(separate, fused)
    controlled = controlled_ratio(separate.seconds, fused.seconds, control.seconds) or ratio
    rows = [_row(STYLES[key].title, evidence.styles[key]) for key in _SHOWN]
    rounds, machine = len(fused.seconds), evidence.machine
    why = (
        "Both styles compute the same function. With a layer for each head, each head has a kernel, a bias, a loss, "
        "gradients and updates of its own, and every operation costs TensorFlow some time, however small it is. The "
        f"control is {STYLES[_CONTROL].title}: Sequential's network compiled a second time. The interval covers "
        f"Functional's ratio to both. [Speed]({_link(experiment)}) measures other numbers of heads. "
        f"(Measured {evidence.measured_at:%Y-%m-%d at %H:%M} UTC on {machine.name}, at a load of {machine.load:.1f}.)"
    )
    if controlled.low is None or controlled.high is None:
        span = f"({rounds} {'round is' if rounds == 1 else 'rounds are'} too few for an interval)"
    else:
        low, high = short(controlled.low, 3), short(controlled.high, 3)
        span = f"({CONFIDENCE:.0%} interval {low} to {high}, {rounds} rounds)"
    finding = f"Functional's step takes {short(ratio.median, 3)} times as long as Sequential's {span}."
    kind, answer = _KINDS[controlled.verdict]
    return Verdict(answer, finding, why, rows, kind=kind, figure=ratio_words(ratio.median))


OPTIONS = ("longer", "no difference that can be measured here", "shorter")


_KINDS: Mapping[Difference, tuple[Kind, str]] = {
    "slower": ("true", OPTIONS[0]),
    "within noise": ("undecided", OPTIONS[1]),
    "faster": ("false", OPTIONS[2]),
}


def picture(experiment: Experiment, evidence: Timings) -> Spread:
    """The ratio of each round, with the interval that decides, and the ratios of the control."""
    fused, separate, control = (evidence.styles[key] for key in _SHOWN)
    controlled = controlled_ratio(separate.seconds, fused.seconds, control.seconds) or _paired_ratio(separate, fused)
    equal = _paired_ratio(control, fused)
    rows = (
        Readings("Functional", _ratios(separate, fused), of_style("functional"), controlled.low, controlled.high, True),
        Readings("control", _ratios(control, fused), "", equal.low, equal.high),
    )
    title = f"Train step ÷ Sequential's, with {CONFIDENCE:.0%} interval"
    return Spread(title, rows, Reference(1.0, "equally fast"))


def _ratios(above: Timing, below: Timing) -> list[float]:
    return [one / other for one, other in zip(above.seconds, below.seconds, strict=True)]


def _paired_ratio(above: Timing, below: Timing) -> Ratio:
    ratio = paired_ratio(above.seconds, below.seconds)
    if ratio is None:
        raise ValueError("claim 10 needs at least one round of readings")
    return ratio


def _link(experiment: Experiment) -> str:
    """A link to the Speed page with the visitor's settings and their number of heads among those measured."""
    heads = sorted({*Sweep().heads, len(experiment.architecture.heads)})
    return f"speed?{urlencode(write_query(experiment) | {'k': [text_of(heads)]}, doseq=True)}"


def _row(title: str, timing: Timing) -> dict[str, str]:
    return {
        "style": title,
        "train step, median (ms)": short(1e3 * float(np.median(timing.seconds)), 3),
        "first step, with tracing (s)": short(timing.first, 3),
        "operations": f"{timing.operations:,}",
        "variables: weights + optimizer + metrics": (
            f"{timing.weights} + {timing.slots} + {timing.trackers} = {timing.variables:,}"
        ),
    }


def code(experiment: Experiment) -> str:
    """Time train steps of both in turns and print the ratio with the interval that claim 10 uses."""
    architecture, training = experiment.architecture, experiment.training
    optimizer = OPTIMIZERS[training.optimizer]  # the rate changes no time
    batch = min(training.batch, experiment.sequences.samples)
    ends = np.cumsum([head.units for head in architecture.heads])[:-1].tolist()
    one, several = (losses(architecture, STYLES[key]) for key in ("sequential", "functional"))
    return script(
        experiment,
        "import tensorflow as tf",
        "from time import perf_counter",
        "",
        x_line(experiment, batch),
        f'y = np.random.default_rng(1).uniform(size=({batch}, {architecture.output_units})).astype("float32")',
        "",
        source_of([timed, compare]),
        "",
        "def stepper(model, loss, targets):",
        f"    model.compile(optimizer={optimizer.source(optimizer.default_rate)}, loss=loss)",
        f"    batches = iter(tf.data.Dataset.from_tensor_slices((x, targets)).batch({batch}).repeat())",
        "    return timed(model, batches)",
        "",
        "a, b, c = sequential(), functional(), sequential()  # c is the control: the same as a",
        f"one, several = ({one!r}, y), ({several!r}, tuple(np.split(y, {ends}, axis=1)))",
        "ratio, low, high = compare([stepper(b, *several), stepper(a, *one), stepper(c, *one)])",
        'print(f"b over a {ratio:.2f}, interval {low:.2f} to {high:.2f}")',
        "print(len(a.trainable_variables), len(b.trainable_variables))",
    )


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
