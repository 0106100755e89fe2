"""Claim 9: activations after the Dense layers."""

from __future__ import annotations

from backend.claims.base import Claim, Measured, Verdict, both
from backend.claims.same_function import ROUND_OFF
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.words import listed

#: Random outputs of the LSTM, between −1 and 1 as its own are.
ANSWERS = 64


class Map(Measured):
    """The Dense layers as one function.

    `multiplied` is the largest difference from one matrix, the product of all kernels. `midpoint` is the largest
    difference between the output at the midpoint of two inputs and the mean of their outputs (0 for any linear map,
    whatever its matrix). `largest` is the largest output.
    """

    multiplied: float
    midpoint: float
    largest: float


class Maps(Measured):
    """The trunk's Dense layers `without` and `bent` by activations."""

    without: Map
    bent: Map


def straight_heads(architecture: Architecture) -> list[Head]:
    """The heads that read the trunk directly, without hidden layers of their own."""
    return [head for head in architecture.heads if not head.hidden]


def bent(architecture: Architecture) -> list[str]:
    """The trunk's activations where there is one; a ReLU after each Dense layer where there is none."""
    own: list[str] = [layer.activation for layer in architecture.dense]
    return own if any(name != "linear" for name in own) else ["relu"] * len(own)


def judge(experiment: Experiment, evidence: Maps) -> Verdict:
    """Hold the layers, without and with activations, against the one layer that their product is."""
    architecture = experiment.architecture
    without, bend = evidence.without, evidence.bent
    rows = [
        {
            "activations in the trunk": " → ".join(names),
            "off from all kernels multiplied": f"{row.multiplied:.1e}",
            "off from any linear map (midpoint test)": f"{row.midpoint:.1e}",
            "largest output": f"{row.largest:.2f}",
        }
        for names, row in ((["linear"] * len(architecture.dense), without), (bent(architecture), bend))
    ]
    heads = straight_heads(architecture)
    chain = " → ".join(f"Dense({n})" for n in [layer.units for layer in architecture.dense] + [_units(heads)])
    why = _WHY
    if len(heads) < len(architecture.heads):
        why += " Heads with hidden layers are left out: those have a ReLU of their own."
    if any(head.activation != "linear" for head in heads):
        why += " Outputs are compared before the heads' own activation."
    if _off(without, without.multiplied):
        found = f"{chain} is not one linear map even without activations: off by {without.multiplied:.1e}."
        return Verdict("false", found, why, rows)
    one = f"`{chain}` is `Dense({_units(heads)})`: off by {without.multiplied:.1e}"
    own = list(dict.fromkeys(layer.activation for layer in architecture.dense if layer.activation != "linear"))
    named = listed(own) or "ReLU"
    if not _off(bend, bend.midpoint):
        found = f"Without activations {one}. With {named} the map is as good as linear between these answers."
        return Verdict("within noise", found, why, rows)
    if own:
        found = f"True if there is none; yours has {named}, and is off by {bend.multiplied:.2g}. Without, {one}."
        return Verdict("true if", found, why, rows)
    return Verdict(
        "true",
        f"Your trunk has none, so {one}. With a ReLU after each Dense it is off by {bend.multiplied:.2g}.",
        why,
        rows,
    )


def _off(row: Map, difference: float) -> bool:
    return difference > ROUND_OFF * max(row.largest, 1e-30)


def _units(heads: list[Head]) -> int:
    return sum(head.units for head in heads)


_WHY = (
    "A Dense layer without an activation is a matrix and a shift, and matrices multiply out to one matrix. The layers "
    "between then cost parameters and add nothing that the outputs could not do alone; a narrow one only limits them. "
    "An activation bends the map, and no single matrix does the same. (The LSTM before has its own: its answers, "
    "64 random ones here, lie between −1 and 1.)"
)


def code(experiment: Experiment) -> str:
    """Multiply the kernels out and print the largest difference, without and with activations."""
    architecture = experiment.architecture
    names = [head.name for head in straight_heads(architecture)]
    lstm, dense, inputs = len(architecture.lstm), len(architecture.dense), architecture.lstm[-1]
    return both(
        experiment,
        f"keras.utils.set_random_seed({experiment.training.seed})",
        "model = functional()",
        f"dense = model.layers[{lstm + 1}:{lstm + 1 + dense}]",
        f"heads = [model.get_layer(name) for name in {names}]",
        "rng = np.random.default_rng(0)",
        "for layer in [*dense, *heads]:  # biases are 0 at first",
        "    layer.bias.assign(rng.normal(0, 0.1, layer.bias.shape))",
        f'h = rng.uniform(-1, 1, ({ANSWERS}, {inputs})).astype("float32")  # in place of the LSTM\'s outputs',
        "",
        "# The one layer that all these layers are without activations.",
        f"kernel, bias = np.eye({inputs}), np.zeros({inputs})",
        "for layer in dense:",
        "    factor, shift = layer.get_weights()",
        "    kernel, bias = kernel @ factor, bias @ factor + shift",
        "factors, shifts = zip(*(head.get_weights() for head in heads))",
        "factor, shift = np.concatenate(factors, axis=1), np.concatenate(shifts)",
        "kernel, bias = kernel @ factor, bias @ factor + shift",
        "",
        "def outputs(values):",
        "    for layer in dense:",
        "        values = layer(values)",
        "    return np.concatenate([head(values) for head in heads], axis=1)",
        "",
        "def compare(activations):",
        "    for layer, name in zip(dense, activations):",
        "        layer.activation = keras.activations.get(name)",
        "    for head in heads:",
        "        head.activation = keras.activations.linear",
        "    found = outputs(h)",
        "    midpoint = outputs((h[1:] + h[:-1]) / 2) - (found[1:] + found[:-1]) / 2",
        "    return {",
        '        "multiplied": float(np.abs(found - (h @ kernel + bias)).max()),',
        '        "midpoint": float(np.abs(midpoint).max()),',
        '        "largest": float(np.abs(found).max()),',
        "    }",
        "",
        f"without = compare({['linear'] * dense})",
        f"bent = compare({bent(architecture)})",
        'print("without activations", without)',
        f'print("with {" ".join(bent(architecture))}", bent)',
        styles=("functional",),
    )


def _linear_part(experiment: Experiment) -> str | None:
    architecture = experiment.architecture
    if not architecture.dense:
        return (
            "there is no Dense layer between the LSTM and the outputs: nothing to collapse, and an activation on an "
            "output would only limit what it can say"
        )
    if not straight_heads(architecture):
        return (
            "every head has hidden layers with a ReLU, so no output is a linear map of the LSTM, whatever the trunk's "
            "Dense layers have"
        )
    return None


CLAIM = Claim(
    key="activations",
    number=9,
    title="Activations after the Dense layers",
    source="the second answer",
    statement="Perhaps activations are needed after the Dense layers.",
    question="Without activations, can one Dense layer do what the trunk's Dense layers and the outputs do?",
    options=("yes, exactly", "nearly", "no"),
    judge=judge,
    code=code,
    evidence=Maps,
    inapplicable_reason=_linear_part,
)
