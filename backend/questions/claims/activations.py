"""Claim 9: activations after the Dense layers."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.questions.base import Measured
from backend.questions.claims.base import Claim, ClaimVerdict, script
from backend.questions.claims.same_function import ROUND_OFF
from backend.questions.pictures import Line, Lines, of_task
from backend.words import listed, short

#: How many random inputs replace the LSTM's output; like its numbers, they lie between −1 and 1.
INPUTS = 64
#: The number of inputs on the drawn line between two opposite ones.
ALONG = 41


class Deviation(Measured):
    """How far the Dense layers are from a linear map.

    `product` is the largest difference from the single Dense layer that is the product of all the layers. `midpoint` is
    the largest difference between the output at the midpoint of two inputs and the mean of their outputs; it is 0 for
    any linear map. `largest` is the largest number of an output. `along` is the first unit of the first head for inputs
    on the straight line from one input to its opposite.
    """

    product: float
    midpoint: float
    largest: float
    along: tuple[float, ...] = ()


class Deviations(Measured):
    """The trunk's Dense layers `without` and with (`activated`) activations."""

    without: Deviation
    activated: Deviation


def direct_heads(architecture: Architecture) -> list[Head]:
    """The heads without hidden layers: their output layer reads the trunk directly."""
    return [head for head in architecture.heads if not head.hidden]


def activations(architecture: Architecture) -> list[str]:
    """The trunk's activations; a ReLU after each Dense layer if the trunk has none."""
    own: list[str] = [layer.activation for layer in architecture.dense]
    return own if any(name != "linear" for name in own) else ["relu"] * len(own)


def _nonlinear(architecture: Architecture) -> list[str]:
    """The trunk's activations that are not linear, each once."""
    return list(dict.fromkeys(layer.activation for layer in architecture.dense if layer.activation != "linear"))


def judge(experiment: Experiment, evidence: Deviations) -> ClaimVerdict:
    """Compare the layers, without and with activations, with the single layer that is their product."""
    architecture = experiment.architecture
    without, activated = evidence.without, evidence.activated
    rows = [
        {
            "activations in the trunk": " → ".join(names),
            "difference from the product of the layers": short(row.product),
            "output at the midpoint of two inputs, difference from the mean of their outputs": short(row.midpoint),
            "largest number of an output": short(row.largest, 3),
        }
        for names, row in ((["linear"] * len(architecture.dense), without), (activations(architecture), activated))
    ]
    own = _nonlinear(architecture)
    merges = not _is_different(without, without.product)
    if not own:
        finding = f"Without activations, the output differs from that of one layer by up to {short(without.product)}"
        finding += ", which is round-off." if merges else "."
        return ClaimVerdict(OPTIONS[0 if merges else 1], finding, _WHY, rows, kind="true" if merges else "false")
    if not _is_different(activated, activated.midpoint):
        finding = f"On these inputs, the layers are linear up to round-off, also with {listed(own)}."
        return ClaimVerdict(None, finding, _WHY, rows, kind="undecided")
    finding = (
        f"With {listed(own)}, the output halfway between two inputs differs by up to {short(activated.midpoint)} from "
        "the mean of their outputs."
    )
    return ClaimVerdict(OPTIONS[1], finding, f"In a linear map it is that mean. {_WHY}", rows, kind="true")


OPTIONS = ("yes, except for round-off", "no")


def picture(experiment: Experiment, evidence: Deviations) -> Lines | None:
    """The first unit along a straight line of inputs. Without activations, it is a straight line, too."""
    architecture = experiment.architecture
    without, activated = evidence.without.along, evidence.activated.along
    if not without:
        return None
    own, head = listed(_nonlinear(architecture)), direct_heads(architecture)[0]
    colour = of_task(architecture.heads.index(head))
    x = [2 * i / (len(without) - 1) - 1 for i in range(len(without))]
    lines = (
        Line("without activations", without, dash="dot"),
        Line(f"with {own}" if own else "with ReLUs", activated, colour),
    )
    return Lines(f"First unit of {head.name} along a straight line of inputs, −v to v", x, lines)


def _is_different(row: Deviation, difference: float) -> bool:
    return difference > ROUND_OFF * max(row.largest, 1e-30)


_WHY = (
    "A Dense layer without an activation multiplies by a matrix and adds a bias, and a product of matrices is one "
    "matrix. The trunk's Dense layers then cost parameters and add nothing that the output layers could not compute "
    "alone. A narrow layer even limits what they can compute. An activation makes the function nonlinear, and no "
    f"single matrix can replace it. (The test feeds the Dense layers {INPUTS} random vectors with values between −1 "
    "and 1, the range of an LSTM's output. Heads are compared before the activation of their output layers; those with "
    "hidden layers, which have a ReLU each, are not tested.)"
)


def code(experiment: Experiment) -> str:
    """Multiply the layers and print the largest difference, without and with activations."""
    architecture = experiment.architecture
    names = [head.name for head in direct_heads(architecture)]
    lstm, dense, inputs = len(architecture.lstm), len(architecture.dense), architecture.lstm[-1]
    lines = f"""\
keras.utils.set_random_seed({experiment.training.seed})
model = functional()
dense = model.layers[{lstm + 1}:{lstm + 1 + dense}]
heads = [model.get_layer(name) for name in {names}]
INPUTS, WIDTH, ALONG, ACTIVATIONS = {INPUTS}, {inputs}, {ALONG}, {activations(architecture)}
{_MEASUREMENT}"""
    return script(experiment, lines, ("functional",))


_MEASUREMENT = """
rng = np.random.default_rng(0)
for layer in [*dense, *heads]:  # Keras sets biases to 0
    layer.bias.assign(rng.normal(0, 0.1, layer.bias.shape))
h = rng.uniform(-1, 1, (INPUTS, WIDTH)).astype("float32")  # in place of the LSTM's output

# The product of all these layers, without activations.
kernel, bias = np.eye(WIDTH), np.zeros(WIDTH)
for layer in dense:
    factor, shift = layer.get_weights()
    kernel, bias = kernel @ factor, bias @ factor + shift
factors, shifts = zip(*(head.get_weights() for head in heads))
factor, shift = np.concatenate(factors, axis=1), np.concatenate(shifts)
kernel, bias = kernel @ factor, bias @ factor + shift

along = np.outer(np.linspace(-1, 1, ALONG), h[0])  # from one input to its opposite, for the picture


def outputs(values):
    for layer in dense:
        values = layer(values)
    return np.concatenate([head(values) for head in heads], axis=1)


def compare(activations):
    for layer, name in zip(dense, activations):
        layer.activation = keras.activations.get(name)
    for head in heads:
        head.activation = keras.activations.linear
    found = outputs(h)
    midpoint = outputs((h[1:] + h[:-1]) / 2) - (found[1:] + found[:-1]) / 2
    return {
        "product": float(np.abs(found - (h @ kernel + bias)).max()),
        "midpoint": float(np.abs(midpoint).max()),
        "largest": float(np.abs(found).max()),
        "along": outputs(along)[:, 0].tolist(),
    }


without, activated = compare(["linear"] * len(dense)), compare(ACTIVATIONS)
print("without activations", without["product"], without["midpoint"])
print("with", *ACTIVATIONS, activated["product"], activated["midpoint"])
"""


def _inapplicable_reason(experiment: Experiment) -> str | None:
    architecture = experiment.architecture
    if not architecture.dense:
        return "there is no Dense layer between the LSTM and the output layers, so there are no layers to merge"
    if not direct_heads(architecture):
        return "every head has hidden layers with a ReLU, so no head is a linear function of the LSTM's output"
    return None


CLAIM = Claim(
    key="activations",
    number=9,
    title="Can one Dense layer replace all your Dense layers?",
    source="the second answer",
    statement="Activations may be needed after the Dense layers.",
    question="Can a single Dense layer compute what the Dense layers of your trunk and the output layers compute?",
    options=OPTIONS,
    replies=OPTIONS,
    test=judge,
    draw=picture,
    code=code,
    evidence=Deviations,
    inapplicable_reason=_inapplicable_reason,
)
