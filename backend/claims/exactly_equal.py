"""Claim 7: Functional with one Dense for all heads is exactly the Sequential model."""

from __future__ import annotations

import math

from backend.claims.base import Claim, Measured, Verdict, both, x_line
from backend.claims.recipes import targets
from backend.experiment import Experiment
from backend.experiment.styles import STYLES, why_not_fused

#: How long both models are trained.
SEQUENCES, BATCH, EPOCHS = 256, 32, 3


class Compared(Measured):
    """How many `numbers` two arrays hold, how many are equal to the last bit at the `end`, and how far they differ."""

    numbers: int
    end: int
    difference: float


class Layer(Compared):
    """The weights of one layer; `start` counts the equal bits before training."""

    start: int


class Trained(Measured):
    """Both models after training: their `weights` by layer, their `outputs`, and how far a weight `moved` at most."""

    weights: dict[str, Layer]
    outputs: Compared
    moved: float


def judge(experiment: Experiment, evidence: Trained) -> Verdict:
    """Count the weights and outputs whose bits are equal."""
    layers, outputs = evidence.weights, evidence.outputs
    rows = [
        {"layer": name, "numbers": f"{row.numbers:,}", "equal bits at the start": f"{row.start:,}",
         "equal bits after training": f"{row.end:,}"}
        for name, row in layers.items()
    ]  # fmt: skip
    rows.append(
        {"layer": "outputs", "numbers": f"{outputs.numbers:,}", "equal bits at the start": "",
         "equal bits after training": f"{outputs.end:,}"}
    )  # fmt: skip
    numbers, equal = sum(row.numbers for row in layers.values()), sum(row.end for row in layers.values())
    trained = f"after {EPOCHS} epochs of `fit` on {SEQUENCES} random sequences"
    if equal == numbers and outputs.end == outputs.numbers:
        finding = (
            f"All {numbers:,} weights and all {outputs.numbers:,} outputs are equal to the last bit {trained}; "
            f"{_moved(evidence.moved)}."
        )
        return Verdict("true", finding, _WHY, rows)
    if sum(row.start for row in layers.values()) < numbers:
        return Verdict("false", "Already the initial weights differ.", _WHY, rows)
    largest = max(row.difference for row in [*layers.values(), outputs])
    finding = f"{numbers - equal:,} of {numbers:,} weights and {outputs.numbers - outputs.end:,} outputs differ"
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
    """Train both with `fit` from one seed; count the weights and outputs that are equal to the last bit."""
    training = experiment.training
    return both(
        experiment,
        x_line(experiment, SEQUENCES),
        *targets(experiment, SEQUENCES),
        "",
        "def numbers(model):  # of each layer in one row",
        "    own = [layer.get_weights() for layer in model.layers if layer.weights]",
        "    return [np.concatenate([np.ravel(array) for array in arrays]) for arrays in own]",
        "",
        "def trained(make):",
        f"    keras.utils.set_random_seed({training.seed})",
        "    model = make()",
        "    start = numbers(model)",
        f'    model.compile(optimizer={training.optimizer_source}, loss="{experiment.architecture.heads[0].loss}")',
        f"    model.fit(x, y, batch_size={BATCH}, epochs={EPOCHS}, shuffle=False, verbose=0)",
        "    return model, start, numbers(model), np.array(model(x))",
        "",
        "def equal(one, other):  # to the last bit",
        '    return int((one.view("uint32") == other.view("uint32")).sum())',
        "",
        "def compare(one, other):",
        "    difference = float(np.abs(one - other).max())",
        '    return {"numbers": one.size, "end": equal(one, other), "difference": difference}',
        "",
        "a, a_start, a_end, a_outputs = trained(sequential)",
        "b, b_start, b_end, b_outputs = trained(functional_fused)",
        "weights = {}",
        "for i, layer in enumerate(a.layers):",
        '    weights[layer.name] = {"start": equal(a_start[i], b_start[i]), **compare(a_end[i], b_end[i])}',
        "    print(layer.name, weights[layer.name])",
        "outputs = compare(a_outputs, b_outputs)",
        "moved = max(float(np.abs(end - start).max()) for start, end in zip(a_start, a_end))",
        'print("outputs", outputs, "training moved a weight by at most", moved)',
        styles=("sequential", "functional_fused"),
    )


def _applies(experiment: Experiment) -> str | None:
    if STYLES["sequential"].unsupported_reason(experiment.architecture):
        return why_not_fused(experiment.architecture)
    return None


CLAIM = Claim(
    key="exactly_equal",
    number=7,
    title="Exactly equivalent",
    source="the second answer",
    statement="Give the Functional model one Dense layer for all tasks and it is exactly equivalent to the Sequential one.",
    question="Train both from one seed: will all their weights be equal to the last bit?",
    options=("yes", "only before training", "no"),
    judge=judge,
    code=code,
    evidence=Trained,
    inapplicable_reason=_applies,
)
