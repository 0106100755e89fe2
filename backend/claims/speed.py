"""Claim 10: the fused model is faster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import numpy as np

from backend import speed_link
from backend.claims.base import Claim, Evidence, Verdict, both, needs_fused, x_line
from backend.claims.shapes import losses
from backend.experiment import Experiment
from backend.link import write_query
from backend.speed import Sweep
from backend.styles import STYLES

#: Two compiled models of one network can differ for good by about so much.
LUCK = 0.1


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """Functional's time over Sequential's, pair by pair: decided where the middle half of the ratios leaves out 1."""
    fused: Mapping[str, Any] = evidence["sequential"]
    separate: Mapping[str, Any] = evidence["functional"]
    ratios = [there / here for here, there in zip(fused["seconds"], separate["seconds"], strict=True)]
    low, median, high = np.percentile(ratios, [25, 50, 75]).tolist()
    rows = [_row(STYLES[key].title, evidence[key]) for key in ("sequential", "functional")]
    k = len(experiment.architecture.heads)
    span = f"(the middle half of {len(ratios)} pairs: {low:.2f} to {high:.2f})"
    why = (
        f"Both do the same sums. Functional's step is traced to {separate['operations']:,} operations against "
        f"{fused['operations']:,} and keeps {_variables(separate)} variables against {_variables(fused)}: each head "
        "has a kernel, a bias, a loss, gradients and updates of its own, and TensorFlow pays for every operation, "
        f"however small. This is a quick look at your {k} heads; [Speed]({_link(experiment)}) tests it from 1 head to "
        "64, yours among them."
    )
    if abs(median - 1) < LUCK:
        why += " There the same network is timed twice as well: so near to 1, a ratio may be luck of place in memory."
    taken = f"Functional's train step takes {median:.2f} times Sequential's {span}"
    if low <= 1 <= high:
        return Verdict("within noise", f"{taken}: no difference above noise at {k} heads.", why, rows)
    if median > 1:
        return Verdict("true", f"{taken}: one output layer for all is faster.", why, rows)
    return Verdict("false", f"{taken}: one output layer for all is not faster here.", why, rows)


def _link(experiment: Experiment) -> str:
    """The Speed page with the visitor's settings, and their number of heads among those that are timed."""
    heads = sorted({*Sweep().heads, len(experiment.architecture.heads)})
    return f"speed?{urlencode(write_query(experiment) | {'k': [speed_link.write(heads)]}, doseq=True)}"


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
    """Time steps of both in turns and print the quartiles of the ratio."""
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
        "a, b = sequential(), functional()",
        f"steps = [stepper(a, {one!r}, y), stepper(b, {several!r}, tuple(np.split(y, {ends}, axis=1)))]",
        "for step in steps * 3:",
        "    step()",
        "ratios = []",
        "for _ in range(40):",
        "    seconds = []",
        "    for step in steps:",
        "        step()",
        "        start = perf_counter()",
        "        step()",
        "        seconds.append(perf_counter() - start)",
        "    ratios.append(seconds[1] / seconds[0])",
        'print("quartiles of the ratio", *np.percentile(ratios, [25, 50, 75]).round(2))',
        "print(len(a.trainable_variables), len(b.trainable_variables))",
    )


CLAIM = Claim(
    key="speed",
    number=10,
    title="The fused model is faster",
    who="the third answer",
    says="One Dense layer for all outputs should be faster, as its path can be optimized better; this was not tested.",
    asks="With your heads: how long is a train step with a layer each, against one layer for all?",
    answers=("longer", "the same, within noise", "shorter"),
    judge=judge,
    code=code,
    applies=needs_fused,
)
