"""Claim 2: every neuron of the last shared layer is connected to every output unit."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.questions.base import Measured
from backend.questions.claims.base import NO, YES, Claim, ClaimVerdict, Kind, assign_dict, script, supporting_styles
from backend.questions.pictures import Links, Side
from backend.words import listed

#: Random activations on which each neuron is changed.
BATCH = 32
#: If a unit has not changed, new weights are drawn, at most this many times: a ReLU may give 0 for a whole batch.
MAX_DRAWS = 64
#: A smaller change, as a share of the head's largest number, could be round-off.
CHANGED = 1e-6


#: The most neurons, output units and connections that are drawn one by one.
_DRAWN_NEURONS, _DRAWN_UNITS, _DRAWN = 16, 8, 64


class Connections(Measured):
    """`connected`: style key → head → number of connected pairs (neuron of the last shared layer, output unit)."""

    connected: dict[str, dict[str, int]]


def judge(experiment: Experiment, evidence: Connections) -> ClaimVerdict:
    """Compare the connected pairs (neuron, output unit) of each style with all pairs."""
    every, counts = _every(experiment), _counts(evidence)
    rows = [
        {"style": STYLES[key].title, "connected pairs": f"{YES if count == every else NO} {count:,} of {every:,}"}
        for key, count in counts.items()
    ]
    fewer = {key for key, count in counts.items() if count < every}
    figure = f"{min(counts.values()):,} of {every:,} pairs"
    finding = f"In each style that can write this network, {figure} of neuron and output unit are connected."
    if fewer:
        finding = f"In {listed(STYLES[key].title for key in fewer)}, some of the {every:,} pairs are not connected."
    answer = _answer(fewer, set(counts)) if fewer else OPTIONS[0]
    kind: Kind = "false" if fewer else "true"
    return ClaimVerdict(answer, finding, _WHY, rows, kind=kind, figure=figure)


def _every(experiment: Experiment) -> int:
    """The number of pairs of a neuron of the last shared layer and an output unit."""
    return experiment.architecture.trunk_units * experiment.architecture.output_units


def _counts(evidence: Connections) -> dict[str, int]:
    """Style key → number of connected pairs."""
    return {key: sum(heads.values()) for key, heads in evidence.connected.items()}


def _answer(fewer: set[str], tested: set[str]) -> str | None:
    """The option that names the styles without missing connections; None if no option does."""
    fused = {key for key in tested if STYLES[key].outputs == "fused"}
    if fewer == fused:
        return OPTIONS[1]
    return OPTIONS[2] if fused and fewer == tested - fused else None


def picture(experiment: Experiment, evidence: Connections) -> Links | None:
    """Every connection, if there are few and all of them were found."""
    architecture, every = experiment.architecture, _every(experiment)
    neurons, units = architecture.trunk_units, architecture.output_units
    missing = min(_counts(evidence).values()) < every
    if missing or neurons > _DRAWN_NEURONS or units > _DRAWN_UNITS or every > _DRAWN:
        return None
    layers = [(head.units, i) for i, head in enumerate(architecture.heads)]
    sides = {"sequential": [layers], "functional": [[layer] for layer in layers]}
    edges = [
        Side(f"{STYLES[key].title}: {every:,}", groups) for key, groups in sides.items() if key in evidence.connected
    ]
    return Links("Each connection that the test found", neurons, edges)


OPTIONS = (
    "every style",
    "only those with one Dense layer for each head",
    "only those with one Dense layer for all heads",
)
_WHY = (
    f"The test increases each neuron by 1, on {BATCH} random activations, and counts the units that change. A Dense "
    "layer has one weight for each pair of input and unit. One kernel with the columns of all heads therefore holds "
    "the same connections as one kernel for each head. Where a head has hidden layers, every neuron is connected to "
    f"the first of them, and through it to the output layer. Where a ReLU gave 0 on all {BATCH} activations, the test "
    "drew other weights."
)


def code(experiment: Experiment) -> str:
    """Change each neuron of the last shared layer and count the output units that change, in every style."""
    architecture = experiment.architecture
    styles = supporting_styles(experiment)
    last = len(architecture.lstm) + len(architecture.dense) - 1
    # The layers of a Functional model begin with its input.
    places = {style: str(last + style.startswith("functional")) for style in styles}
    lines = f"""\
names = {[head.name for head in architecture.heads]}
units = {[head.units for head in architecture.heads]}
neurons = {architecture.trunk_units}
x = np.zeros((1, {architecture.timesteps}, {architecture.features}), "float32")
BATCH, DRAWS, CHANGED = {BATCH}, {MAX_DRAWS}, {CHANGED}
{assign_dict("models", {style: f"{style}()" for style in styles})}
{assign_dict("places", places)}
{_MEASUREMENT}"""
    return script(experiment, lines, styles)


_MEASUREMENT = """
def by_head(outputs):
    if isinstance(outputs, dict):
        outputs = [outputs[name] for name in names]
    elif not isinstance(outputs, list):
        outputs = np.split(outputs, np.cumsum(units)[:-1], axis=1)
    return [np.array(values) for values in outputs]


def connections(model, place):
    shared, *behind = model.layers[place:]  # the last shared layer, and the layers of the heads
    rng = np.random.default_rng(0)
    found = [np.zeros((neurons, n), bool) for n in units]
    for _ in range(DRAWS):
        start = rng.normal(size=(BATCH, neurons))
        raised = [start + row for row in np.eye(neurons)]  # each neuron in turn, by 1
        values = np.concatenate([start, *raised])
        shared.call = lambda *_, **__: keras.ops.convert_to_tensor(values, "float32")
        for pairs, outputs in zip(found, by_head(model(x))):
            before, after = outputs[:BATCH], outputs[BATCH:].reshape(neurons, BATCH, -1)
            pairs |= np.abs(after - before).max(axis=1) > CHANGED * np.abs(outputs).max()
        if all(pairs.all() for pairs in found):
            break
        for layer in behind:  # other weights: a ReLU may have given 0 for the whole batch
            kernel, bias = layer.get_weights()
            scale = len(kernel) ** -0.5
            layer.set_weights([rng.normal(0, scale, kernel.shape), rng.normal(size=bias.shape)])
    return {name: int(pairs.sum()) for name, pairs in zip(names, found)}


connected = {}
for style, model in models.items():
    connected[style] = connections(model, places[style])
    print(style, "connects", sum(connected[style].values()), "of", neurons * sum(units), "pairs")
"""

CLAIM = Claim(
    key="fully_connected",
    number=2,
    title="Is every neuron connected to every output unit?",
    source="the question",
    statement="Every neuron before the heads should be connected to every output unit. The plot of the model shows "
    "this with one layer for each head. It does not show it with one Dense layer for all heads.",
    question="Which styles connect every neuron of the last shared layer to every output unit?",
    options=OPTIONS,
    replies=("yes, {}", "no, only with a layer for each head", "no, only with one layer for all heads"),
    test=judge,
    draw=picture,
    code=code,
    evidence=Connections,
)
