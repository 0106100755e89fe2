"""Claim 2: every neuron of the last shared layer is connected to every output unit."""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.styles import STYLES, why_not_fused
from backend.questions.base import Measured
from backend.questions.claims.base import NO, YES, Claim, Verdict, all_of, assign_dict, script, supporting_styles
from backend.questions.pictures import Links, Picture, Side, Table
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


def judge(experiment: Experiment, evidence: Connections) -> Verdict:
    """Compare the connected pairs (neuron, output unit) of each style with all pairs."""
    architecture = experiment.architecture
    neurons, connected = architecture.trunk_units, evidence.connected
    rows = [
        {
            "head": head.name,
            "pairs (neuron, output unit)": f"{neurons:,} × {head.units} = {neurons * head.units:,}",
            **{
                f"connected in {STYLES[key].title}": _share_cell(heads[head.name], neurons * head.units)
                for key, heads in connected.items()
            },
        }
        for head in architecture.heads
    ]
    every = neurons * architecture.output_units
    fewer = {key: sum(heads.values()) for key, heads in connected.items() if sum(heads.values()) < every}
    left_out = [style.title for key, style in STYLES.items() if key not in connected]
    why = _CHANGED + (_HIDDEN if any(head.hidden for head in architecture.heads) else _DENSE)
    if left_out:
        titles = listed(f"*{title}*" for title in left_out)
        why += f" Not tested: {titles}, because {why_not_fused(architecture)}."
    if fewer:
        finding = f"Not all of the {every:,} pairs of neuron and output unit are connected."
        return Verdict(_answer(set(fewer), set(connected)), finding, why, rows, kind="false")
    where = "every style" if not left_out else listed(f"*{STYLES[key].title}*" for key in connected)
    figure = all_of(every, "pair")
    finding = f"In {where}, {figure} of neuron and output unit {'is' if every == 1 else 'are'} connected."
    return Verdict(OPTIONS[0], finding, why, rows, kind="true", figure=figure)


def _share_cell(count: int, every: int) -> str:
    return f"{YES if count == every else NO} {count:,} of {every:,}"


def _answer(fewer: set[str], tested: set[str]) -> str | None:
    """The option that names the styles without missing connections; None if no option does."""
    fused = {key for key in tested if STYLES[key].outputs == "fused"}
    if fewer == fused:
        return OPTIONS[1]
    return OPTIONS[2] if fused and fewer == tested - fused else None


def _counts_table(connected: Mapping[str, Mapping[str, int]], every: int) -> Table:
    rows = [
        {"style": STYLES[key].title, "connected pairs": _share_cell(sum(heads.values()), every)}
        for key, heads in connected.items()
    ]
    return Table(rows)


def picture(experiment: Experiment, evidence: Connections) -> Picture:
    """Every connection, if there are few and all of them were found; else a table of counts."""
    architecture, connected = experiment.architecture, evidence.connected
    neurons, units = architecture.trunk_units, architecture.output_units
    missing = any(sum(heads.values()) < neurons * units for heads in connected.values())
    if missing or neurons > _DRAWN_NEURONS or units > _DRAWN_UNITS or neurons * units > _DRAWN:
        return _counts_table(connected, neurons * units)
    layers = [(head.units, i) for i, head in enumerate(architecture.heads)]
    sides = {"sequential": [layers], "functional": [[layer] for layer in layers]}
    drawn_sides = [
        Side(f"{STYLES[key].title}: {neurons * units:,}", groups) for key, groups in sides.items() if key in connected
    ]
    return Links("Each connection that the test found", neurons, drawn_sides)


OPTIONS = (
    "every style",
    "only those with one Dense layer for each head",
    "only those with one Dense layer for all heads",
)
_CHANGED = f"The test increases each neuron by 1, on {BATCH} random activations, and counts the units that change. "
_DENSE = (
    "A Dense layer has one weight for each pair of input and unit. One kernel with the columns of all heads "
    "therefore holds the same connections as one kernel for each head."
)
_HIDDEN = (
    "Where a head has hidden layers, every neuron is connected to the first of them, and through it to the output "
    f"layer. Where a ReLU gave 0 on all {BATCH} activations, the test drew other weights."
)


def code(experiment: Experiment) -> str:
    """Change each neuron of the last shared layer and count the output units that change, in every style."""
    architecture = experiment.architecture
    styles = supporting_styles(experiment)
    last = len(architecture.lstm) + len(architecture.dense) - 1
    # The layers of a Functional model begin with its input.
    places = {style: str(last + style.startswith("functional")) for style in styles}
    heads = architecture.heads
    return script(
        experiment,
        f"names = {[head.name for head in heads]}",
        f"units = {[head.units for head in heads]}",
        f"neurons = {architecture.trunk_units}",
        f'x = np.zeros((1, {architecture.timesteps}, {architecture.features}), "float32")',
        f"BATCH, DRAWS, CHANGED = {BATCH}, {MAX_DRAWS}, {CHANGED}",
        *assign_dict("models", {style: f"{style}()" for style in styles}),
        *assign_dict("places", places),
        _MEASUREMENT,
        styles=styles,
    )


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
