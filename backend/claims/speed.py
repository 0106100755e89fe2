"""Claim 10: the fused model is faster."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np

from backend.claims.base import Claim, Evidence, Verdict, both, needs_fused, x_line
from backend.claims.shapes import losses
from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.experiment.url import write_query
from backend.machine import Machine
from backend.speed import url
from backend.speed.findings import verdict
from backend.speed.sweep import COMPARED, CONTROL, Sweep
from backend.statistics import CONFIDENCE, controlled_ratio, paired_ratio

#: Sequential and Functional, which the claim compares, and the control.
_CONTROL = CONTROL[1]
_SHOWN = (CONTROL[0], COMPARED[0], _CONTROL)


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """Functional's time over Sequential's, pair by pair, with the interval and the control of the Speed page."""
    styles: Mapping[str, Mapping[str, Any]] = evidence["styles"]
    fused, separate, control = (styles[key] for key in _SHOWN)
    either = controlled_ratio(separate["seconds"], fused["seconds"], control["seconds"])
    alike = paired_ratio(control["seconds"], fused["seconds"])
    if either is None or alike is None:
        raise ValueError("claim 10 needs at least one round of readings")
    rows = [_row(STYLES[key].title, styles[key]) for key in _SHOWN]
    k = len(experiment.architecture.heads)
    rounds = len(fused["seconds"])
    why = (
        f"Both do the same sums. Functional's step is traced to {separate['operations']:,} operations against "
        f"{fused['operations']:,} and keeps {_variables(separate)} variables against {_variables(fused)}: each head "
        "has a kernel, a bias, a loss, gradients and updates of its own, and TensorFlow pays for every operation, "
        f"however small. The control: {STYLES[_CONTROL].title} is Sequential's network compiled once more, and takes "
        f"{alike.median:.2f} times as long. The interval holds Functional's ratio to either. This is a quick look at "
        f"your {k} heads; [Speed]({_link(experiment)}) tests it from 1 head to 64, yours among them. "
        f"({_measured(evidence)})"
    )
    if either.low is None or either.high is None:
        span = f"({rounds} rounds: too few for an interval)"
    else:
        span = (
            f"({CONFIDENCE:.0%} interval from {rounds} rounds, control included: {either.low:.2f} to {either.high:.2f})"
        )
    taken = f"Functional's train step takes {either.median:.2f} times Sequential's {span}"
    kind = verdict(either)
    if kind == "within noise":
        return Verdict(kind, f"{taken}: no difference above noise at {k} heads.", why, rows)
    if kind == "true":
        return Verdict(kind, f"{taken}: one output layer for all is faster.", why, rows)
    return Verdict(kind, f"{taken}: one output layer for all is slower here.", why, rows)


def _measured(evidence: Evidence) -> str:
    """When and on which machine: a verdict is remembered, and shown to others later."""
    machine = Machine.model_validate(evidence["machine"])
    at = datetime.fromisoformat(evidence["measured_at"])
    return f"Measured {at:%Y-%m-%d at %H:%M} UTC on {machine.name}, under a load of {machine.load:.1f}."


def _link(experiment: Experiment) -> str:
    """The Speed page with the visitor's settings, and their number of heads among those that are timed."""
    heads = sorted({*Sweep().heads, len(experiment.architecture.heads)})
    return f"speed?{urlencode(write_query(experiment) | {'k': [url.write(heads)]}, doseq=True)}"


def _row(title: str, figures: Mapping[str, Any]) -> dict[str, str]:
    return {
        "style": title,
        "ms a step (median)": f"{1e3 * float(np.median(figures['seconds'])):.2f}",
        "first step, with its trace": f"{figures['first']:.2f} s",
        "operations": f"{figures['operations']:,}",
        "variables (weights + optimizer + trackers)": (
            f"{figures['weights']} + {figures['slots']} + {figures['trackers']} = {_variables(figures)}"
        ),
    }


def _variables(figures: Mapping[str, Any]) -> int:
    return int(figures["weights"] + figures["slots"] + figures["trackers"])


def code(experiment: Experiment) -> str:
    """Time steps of both in turns and print the interval of the ratio, as claim 10 takes it."""
    architecture, training = experiment.architecture, experiment.training
    batch = min(training.batch, experiment.sequences.samples)
    ends = np.cumsum([head.units for head in architecture.heads])[:-1].tolist()
    one, several = (losses(architecture, STYLES[key]) for key in ("sequential", "functional"))
    return both(
        experiment,
        "import tensorflow as tf",
        "from time import perf_counter",
        "",
        x_line(experiment, batch),
        f'y = np.random.default_rng(1).uniform(size=({batch}, {architecture.output_units})).astype("float32")',
        "",
        "def stepper(model, loss, targets):  # a step as fit takes it",
        f"    model.compile(optimizer={training.optimizer_source}, loss=loss)",
        f"    batches = iter(tf.data.Dataset.from_tensor_slices((x, targets)).batch({batch}).repeat())",
        "    model.make_train_function()",
        "    return lambda: model.train_function(batches)",
        "",
        "a, b, c = sequential(), functional(), sequential()  # c is the control: a once more",
        f"one, several = ({one!r}, y), ({several!r}, tuple(np.split(y, {ends}, axis=1)))",
        "steps = [stepper(model, *how) for model, how in ((a, one), (b, several), (c, one))]",
        "for step in steps * 3:",
        "    step()",
        'ratios = {"b over a": [], "b over c": [], "c over a": []}',
        "for turn in range(31):",
        "    seconds = {}",
        "    for i in range(3):  # another one is first in each round",
        "        which = (turn + i) % 3",
        "        steps[which]()",
        "        start = perf_counter()",
        "        steps[which]()",
        '        seconds["abc"[which]] = perf_counter() - start',
        "    for name, values in ratios.items():",
        "        values.append(seconds[name[0]] / seconds[name[-1]])",
        "for name, values in ratios.items():  # the 8th and the 24th of 31 hold the true median 99% of the time",
        '    print(name, np.median(values).round(2), "in", *np.sort(values)[[7, 23]].round(2))',
        "print(len(a.trainable_variables), len(b.trainable_variables))",
    )


CLAIM = Claim(
    key="speed",
    number=10,
    title="The fused model is faster",
    source="the third answer",
    statement="One Dense layer for all outputs should be faster, as its path can be optimized better; this was not tested.",
    question="With your heads: how long is a train step with a layer each, against one layer for all?",
    options=("longer", "the same, within noise", "shorter"),
    judge=judge,
    code=code,
    inapplicable_reason=needs_fused,
)
