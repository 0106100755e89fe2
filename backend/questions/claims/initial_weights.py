"""Claim 8: the learned weights may vary; they start from different ranges."""

from __future__ import annotations

import math

from backend.experiment import Experiment
from backend.experiment.styles.base import IMPORTS
from backend.network.initial_weights import glorot_limit
from backend.questions.base import Measured
from backend.questions.claims.base import Claim, ClaimVerdict, needs_fused
from backend.questions.pictures import Line, Lines, of_style
from backend.words import fixed, short

#: Two spreads must differ by this many standard errors; a smaller difference could be chance.
CERTAIN = 3

#: Weights drawn for each layer, and the fewest and most seeds they come from.
WEIGHTS, MIN_SEEDS, MAX_SEEDS = 8192, 8, 1024
BINS = 40


class Layer(Measured):
    """Initial weights of one Dense layer: `count`, `largest`, standard deviation (`spread`), `share` in each bin."""

    count: int
    largest: float
    spread: float
    share: list[float]


class Drawn(Measured):
    """`edges` of the bins; `drawn`: units of a layer → the weights that its initializer drew."""

    edges: list[float]
    drawn: dict[int, Layer]


def judge(experiment: Experiment, evidence: Drawn) -> ClaimVerdict:
    """Compare the drawn weights with Glorot's limits, and the fused layer's spread with that of the smallest head."""
    inputs = experiment.architecture.trunk_units
    layers = evidence.drawn
    fused = experiment.architecture.output_units
    small = min(layers)
    limits = {units: glorot_limit(inputs, units) for units in layers}
    rows = [
        {
            "layer": f"Dense({units}), {'all heads' if units == fused else 'one head'}",
            "limit": f"√(6 / ({inputs} + {units})) = {limits[units]:.4f}",
            "largest weight": fixed(layer.largest, 4),
            "standard deviation": fixed(layer.spread, 4),
            "weights": f"{layer.count:,}",
        }
        for units, layer in sorted(layers.items())
    ]
    one, every = layers[small], layers[fused]
    gap = one.spread - every.spread
    unsure = abs(gap) < CERTAIN * math.hypot(_standard_error(one), _standard_error(every))
    as_glorot = all(0.9 * limits[units] < each.largest <= 1.000001 * limits[units] for units, each in layers.items())
    wider = one.largest / max(every.largest, 1e-30) - 1
    share = f"{short(100 * abs(wider), 2)}%"
    finding = (
        f"The largest initial weight of a head's own layer is {share} {'larger' if wider >= 0 else 'smaller'} than "
        "that of one layer for all heads."
    )
    if unsure and as_glorot:
        return ClaimVerdict(None, finding, _WHY, rows, kind="undecided")
    answer = OPTIONS[0] if unsure else OPTIONS[1] if gap > 0 else OPTIONS[2]
    return ClaimVerdict(answer, finding, _WHY, rows, kind="true" if as_glorot else "false", figure=share)


OPTIONS = ("the same", "wider", "narrower")


def _standard_error(layer: Layer) -> float:
    """The standard error of the standard deviation of `count` uniform draws (kurtosis 1.8)."""
    return float(layer.spread * math.sqrt(0.8 / layer.count) / 2)


def picture(experiment: Experiment, evidence: Drawn) -> Lines:
    """How the initial weights of the layer for all heads and of the smallest head are spread."""
    edges, fused, small = evidence.edges, experiment.architecture.output_units, min(evidence.drawn)
    lines = [
        Line(
            f"{whose}: ±{glorot_limit(experiment.architecture.trunk_units, units):.3f}",
            [*(100 * share for share in evidence.drawn[units].share), 0],
            colour,
            dash,
        )
        for units, whose, colour, dash in (
            (fused, f"Dense({fused}), all heads", of_style("sequential"), "solid"),
            (small, f"Dense({small}), one head", of_style("functional"), "dash"),
        )
    ]
    return Lines("Share of the initial weights in each bin (%)", edges, lines, filled=True)


_WHY = (
    "Keras draws a kernel uniformly between −√(6 / (inputs + units)) and the same positive number, which is Glorot's "
    "rule. A fused layer counts the units of all heads, so its initial weights are smaller than those of a single "
    "head's layer. From one seed the trunks start with equal weights, but the output kernels do not. Training "
    "therefore ends with different weights. To compare the styles alone, copy the initial weights from one model to "
    "the other."
)


def code(experiment: Experiment) -> str:
    """Draw the initial weights of the fused layer and of each size of head; print limit, largest weight and spread."""
    architecture = experiment.architecture
    inputs = architecture.trunk_units
    sizes = sorted({head.units for head in architecture.heads} | {architecture.output_units})
    seeds = {units: min(max(MIN_SEEDS, math.ceil(WEIGHTS / (inputs * units))), MAX_SEEDS) for units in sizes}
    return f"import numpy as np\n{IMPORTS}\ninputs, sizes, bins = {inputs}, {seeds}, {BINS}{_MEASUREMENT}"


_MEASUREMENT = """  # sizes: units of a layer -> seeds
weights = {}
for units, seeds in sizes.items():
    initializer = type(layers.Dense(units).kernel_initializer)
    kernels = [initializer(seed=seed)((inputs, units)) for seed in range(seeds)]
    weights[units] = np.ravel(kernels)
    limit, largest = np.sqrt(6 / (inputs + units)), np.abs(weights[units]).max()
    print(f"Dense({units}): limit {limit:.6f}, largest {largest:.6f}, spread {weights[units].std():.6f}")

reach = max(float(np.abs(drawn).max()) for drawn in weights.values())
edges = np.linspace(-reach, reach, bins + 1).tolist()
drawn = {}
for units, values in weights.items():
    drawn[units] = {
        "count": values.size,
        "largest": float(np.abs(values).max()),
        "spread": float(values.std()),
        "share": (np.histogram(values, edges)[0] / values.size).tolist(),  # for the chart
    }
"""


CLAIM = Claim(
    key="initial_weights",
    number=8,
    title="Do the initial weights have the same range?",
    source="the third answer",
    statement="The two networks are equivalent, but their learned weights may differ slightly between implementations.",
    question="How wide is the range of the initial weights of a head's own layer, compared with one layer for all "
    "heads?",
    options=OPTIONS,
    replies=("yes", "no, {} wider", "no, {} narrower"),
    test=judge,
    draw=picture,
    code=code,
    evidence=Drawn,
    inapplicable_reason=needs_fused,
)
