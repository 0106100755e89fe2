"""Claim 7: Functional with one Dense for all heads is exactly the Sequential model."""

from __future__ import annotations

import math

from backend.claims.base import Claim, Evidence, Verdict, both, x_line
from backend.claims.recipes import targets
from backend.experiment import Experiment
from backend.styles import STYLES, why_not_fused


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """Count the weights and outputs whose bits are equal."""
    layers, outputs, epochs = evidence["layers"], evidence["outputs"], evidence["epochs"]
    rows = [
        {"layer": name, "numbers": f"{row['numbers']:,}", "equal bits at the start": f"{row['start']:,}",
         "equal bits after training": f"{row['end']:,}"}
        for name, row in layers.items()
    ]  # fmt: skip
    rows.append(
        {"layer": "outputs", "numbers": f"{outputs['numbers']:,}", "equal bits at the start": "",
         "equal bits after training": f"{outputs['end']:,}"}
    )  # fmt: skip
    numbers, equal = (sum(row[key] for row in layers.values()) for key in ("numbers", "end"))
    trained = f"after {epochs} epochs of `fit` on {evidence['sequences']} sequences"
    if equal == numbers and outputs["end"] == outputs["numbers"]:
        finding = (
            f"All {numbers:,} weights and all {outputs['numbers']:,} outputs are equal to the last bit {trained}; "
            f"{_moved(evidence['moved'])}."
        )
        return Verdict("true", finding, _WHY, rows)
    if sum(row["start"] for row in layers.values()) < numbers:
        return Verdict("false", "Already the initial weights differ.", _WHY, rows)
    largest = max(row["difference"] for row in [*layers.values(), outputs])
    finding = f"{numbers - equal:,} of {numbers:,} weights and {outputs['numbers'] - outputs['end']:,} outputs differ"
    return Verdict("false", f"{finding} {trained}, by up to {largest:.1e}.", _WHY, rows)


def _moved(moved: float) -> str:
    if not math.isfinite(moved):
        return "in both, training has left the numbers at this learning rate"
    return f"training has moved them by up to {moved:.2g}"


_WHY = (
    "Sequential builds a Functional model within itself. The same layers made in the same order draw the same "
    "weights from one seed, the same operations run in the same order on the same shapes, and so even round-off is "
    "the same. Written in one nested line, `Dense(2)(Dense(8)(x))`, the outer layer is made first: its draw is "
    "another, and the weights differ."
)


def code(experiment: Experiment) -> str:
    """Train both with `fit` from one seed; print whether weights and outputs are equal to the last bit."""
    training = experiment.training
    return both(
        experiment,
        x_line(experiment, 256),
        *targets(experiment, 256),
        "",
        "def trained(make):",
        f"    keras.utils.set_random_seed({training.seed})",
        "    model = make()",
        f'    model.compile(optimizer={training.optimizer_source}, loss="{experiment.architecture.heads[0].loss}")',
        "    model.fit(x, y, epochs=3, verbose=0)",
        "    return model",
        "",
        "a, b = trained(sequential), trained(functional_fused)",
        'print("weights", all(np.array_equal(*pair) for pair in zip(a.get_weights(), b.get_weights())))',
        'print("outputs", np.array_equal(a(x), b(x)))',
        styles=("sequential", "functional_fused"),
    )


def _applies(experiment: Experiment) -> str | None:
    if STYLES["sequential"].refusal(experiment.architecture):
        return why_not_fused(experiment.architecture)
    return None


CLAIM = Claim(
    key="exactly_equal",
    number=7,
    title="Exactly equivalent",
    who="the second answer",
    says="Give the Functional model one Dense layer for all tasks and it is exactly equivalent to the Sequential one.",
    asks="Train both from one seed: will all their weights be equal to the last bit?",
    answers=("yes", "only before training", "no"),
    judge=judge,
    code=code,
    applies=_applies,
)
