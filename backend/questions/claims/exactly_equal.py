"""Claim 7: a Functional model with one Dense layer for all heads is exactly equivalent to the Sequential model."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.styles import STYLES, why_not_fused
from backend.questions.base import Measured
from backend.questions.claims.base import NO, YES, Claim, ClaimVerdict, Kind, script, targets, x_line
from backend.words import short

#: The sequences, batch size and epochs of both trainings.
SEQUENCES, BATCH, EPOCHS = 256, 32, 3


class Compared(Measured):
    """How many `numbers` two arrays hold, how many are bitwise equal at the `end`, and their largest `difference`."""

    numbers: int
    end: int
    difference: float


class Layer(Compared):
    """The weights of one layer; `start` counts those that are bitwise equal before training."""

    start: int


class Trained(Measured):
    """Both models after training: `weights` by layer, `outputs`, and how far training `moved` a weight at most."""

    weights: dict[str, Layer]
    outputs: Compared
    moved: float


def judge(experiment: Experiment, evidence: Trained) -> ClaimVerdict:
    """Count the weights and numbers of the output that are bitwise equal."""
    layers, outputs = evidence.weights, evidence.outputs
    rows = [
        {"layer": name, "equal before training": _share_cell(row.start, row.numbers),
         "equal after training": _share_cell(row.end, row.numbers)}
        for name, row in layers.items()
    ]  # fmt: skip
    numbers, equal = sum(row.numbers for row in layers.values()), sum(row.end for row in layers.values())
    if sum(row.start for row in layers.values()) < numbers:
        return ClaimVerdict(OPTIONS[2], "The weights differ before training starts.", _WHY, rows, kind="false")
    all_equal = equal == numbers and outputs.end == outputs.numbers
    returned = "all numbers" if outputs.end == outputs.numbers else "not all numbers"
    finding = (
        f"After training, {equal:,} of {numbers:,} weights and {returned} of the output are equal to the last bit."
    )
    why = (
        f"Both were trained for {EPOCHS} epochs on {SEQUENCES} random sequences. The largest change of a weight was "
        f"{short(evidence.moved, 3)}. {_WHY}"
    )
    kind: Kind = "true" if all_equal else "false"
    return ClaimVerdict(OPTIONS[not all_equal], finding, why, rows, kind=kind, figure=f"{numbers:,}")


OPTIONS = ("yes", "only before training", "no")


def _share_cell(equal: int, numbers: int) -> str:
    return f"{YES if equal == numbers else NO} {equal:,} of {numbers:,}"


_WHY = (
    "A Sequential model builds a Functional model internally. The same layers, created in the same order, get the "
    "same initial weights from one seed. The same operations then run in the same order on the same shapes, so even "
    "round-off is the same. The order of creation matters: in one nested line, `Dense(2)(Dense(8)(x))`, Python "
    "creates the outer layer first, so the initial weights differ."
)


def code(experiment: Experiment) -> str:
    """Train both with `fit` from one seed; count the weights and numbers of the output that are bitwise equal."""
    training = experiment.training
    lines = f"""\
{x_line(experiment, SEQUENCES)}
{targets(experiment, SEQUENCES)}
SEED, BATCH, EPOCHS, loss = {training.seed}, {BATCH}, {EPOCHS}, "{experiment.architecture.heads[0].loss}"
def optimizer():
    return {training.optimizer_source}
{_MEASUREMENT}"""
    return script(experiment, lines, ("sequential", "functional_fused"))


_MEASUREMENT = """
def numbers(model):  # the weights of each layer as one vector
    own = [layer.get_weights() for layer in model.layers if layer.weights]
    return [np.concatenate([np.ravel(array) for array in arrays]) for arrays in own]


def trained(make):
    keras.utils.set_random_seed(SEED)
    model = make()
    start = numbers(model)
    model.compile(optimizer=optimizer(), loss=loss)
    model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0)
    return model, start, numbers(model), np.array(model(x))


def equal(one, other):  # to the last bit
    return int((one.view("uint32") == other.view("uint32")).sum())


def compare(one, other):
    difference = float(np.abs(one - other).max())
    return {"numbers": one.size, "end": equal(one, other), "difference": difference}


a, a_start, a_end, a_outputs = trained(sequential)
b, b_start, b_end, b_outputs = trained(functional_fused)
weights = {}
for i, layer in enumerate(a.layers):
    weights[layer.name] = {"start": equal(a_start[i], b_start[i]), **compare(a_end[i], b_end[i])}
    print(layer.name, weights[layer.name])
outputs = compare(a_outputs, b_outputs)
moved = float(np.max([np.abs(end - start).max() for start, end in zip(a_start, a_end)]))
print("output", outputs, "training changed a weight by up to", moved)
"""


def _why_not_fusible(experiment: Experiment) -> str | None:
    if STYLES["sequential"].unsupported_reason(experiment.architecture):
        return why_not_fused(experiment.architecture)
    return None


CLAIM = Claim(
    key="exactly_equal",
    number=7,
    title="Is fused Functional exactly equal to Sequential?",
    source="the second answer",
    statement="A Functional model with one Dense layer for all tasks is exactly equivalent to the Sequential model.",
    question="Sequential, and Functional with one Dense layer for all heads, are trained from one seed. Are all their "
    "weights and all numbers of their output equal to the last bit?",
    options=OPTIONS,
    replies=("yes, all {} weights", "no, only before training", "no"),
    test=judge,
    code=code,
    evidence=Trained,
    inapplicable_reason=_why_not_fusible,
)
