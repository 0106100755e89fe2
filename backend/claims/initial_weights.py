"""Claim 8: the exact learned parameters may vary; they start from other ranges."""

from __future__ import annotations

import math
from collections.abc import Mapping

from backend.claims.base import Chart, Claim, Measured, Verdict, needs_fused
from backend.experiment import Experiment
from backend.experiment.styles.base import IMPORTS

#: Standard errors by which two spreads must differ, or the difference could be chance.
CERTAIN = 3

#: Weights drawn for each layer, and the fewest and most seeds they come from.
WEIGHTS, MIN_SEEDS, MAX_SEEDS = 8192, 8, 1024
BINS = 40


class Layer(Measured):
    """Initial weights of one Dense layer: `count`, `largest`, `spread` (standard deviation), `share` in each bin."""

    count: int
    largest: float
    spread: float
    share: list[float]


class Drawn(Measured):
    """`edges` of the bins; `drawn`: units of a layer → what its initializer drew."""

    edges: list[float]
    drawn: dict[int, Layer]


def limit(inputs: int, units: int) -> float:
    """Largest initial weight of `Dense(units)` on `inputs` neurons (Glorot and Bengio 2010, equation 16)."""
    return math.sqrt(6 / (inputs + units))


def judge(experiment: Experiment, evidence: Drawn) -> Verdict:
    """Hold what was drawn against Glorot's limits, and the fused layer's spread against that of the smallest head."""
    inputs = experiment.architecture.trunk_units
    layers = evidence.drawn
    fused = experiment.architecture.output_units
    small = min(layers)
    limits = {units: limit(inputs, units) for units in layers}
    rows = [
        {
            "layer": f"Dense({units}), {'all heads' if units == fused else 'one head'}",
            "limit": f"√(6 / ({inputs} + {units})) = {limits[units]:.4f}",
            "largest drawn": f"{layer.largest:.4f}",
            "standard deviation": f"{layer.spread:.4f}",
            "weights drawn": f"{layer.count:,}",
        }
        for units, layer in sorted(layers.items())
    ]
    chart = _chart(evidence, limits, fused, small)
    for units, layer in layers.items():
        if not 0.9 * limits[units] < layer.largest <= 1.000001 * limits[units]:
            found = f"`Dense({units})` draws up to {layer.largest:.3f}, and Glorot's limit is {limits[units]:.3f}."
            return Verdict("false", found, _WHY, rows, chart)
    both = f"±{limits[fused]:.3f} for `Dense({fused})`, ±{limits[small]:.3f} for `Dense({small})`"
    gap = abs(layers[small].spread - layers[fused].spread)
    if gap < CERTAIN * math.hypot(*(_error(layers[units]) for units in (small, fused))):
        found = f"The limits are {both}: so close that the weights drawn do not tell them apart."
        return Verdict("within noise", found, _WHY, rows, chart)
    more = limits[small] / limits[fused] - 1
    return Verdict("true", f"The first weights come from {both}: {more:.1%} more.", _WHY, rows, chart)


def _error(layer: Layer) -> float:
    """Standard error of the standard deviation of so many uniform draws (kurtosis 1.8)."""
    return float(layer.spread * math.sqrt(0.8 / layer.count) / 2)


def _chart(evidence: Drawn, limits: Mapping[int, float], fused: int, small: int) -> Chart:
    edges = evidence.edges
    return Chart(
        "steps",
        [edges[0], *edges],
        {
            f"Dense({units}), {whose}": [0, *(100 * share for share in evidence.drawn[units].share), 0]
            for units, whose in ((fused, "all heads"), (small, "one head"))
        },
        x_title="initial weight",
        y_title="% of the weights",
        marks={f"−{limits[fused]:.3f}": -limits[fused], f"{limits[small]:.3f}": limits[small]},
    )


_WHY = (
    "Keras draws a kernel from ±√(6 / (inputs + outputs)), Glorot's rule. A fused layer counts the outputs of all "
    "heads and so starts smaller than a head's own layer. From one seed the trunks start alike, the output kernels do "
    "not; training then ends in other weights. Carry the weights across to compare the styles alone."
)


def code(experiment: Experiment) -> str:
    """Draw the first weights of the fused layer and of each size of head; print limit, largest weight and spread."""
    architecture = experiment.architecture
    inputs = architecture.trunk_units
    sizes = sorted({head.units for head in architecture.heads} | {architecture.output_units})
    seeds = {units: min(max(MIN_SEEDS, math.ceil(WEIGHTS / (inputs * units))), MAX_SEEDS) for units in sizes}
    return "\n".join(
        [
            f"import numpy as np\n{IMPORTS}",
            f"inputs = {inputs}",
            "weights = {}",
            f"for units, seeds in {seeds}.items():",
            "    initializer = type(layers.Dense(units).kernel_initializer)",
            "    kernels = [initializer(seed=seed)((inputs, units)) for seed in range(seeds)]",
            "    weights[units] = np.ravel(kernels)",
            "    limit, largest = np.sqrt(6 / (inputs + units)), np.abs(weights[units]).max()",
            '    print(f"Dense({units}): limit {limit:.6f}, largest {largest:.6f}, spread {weights[units].std():.6f}")',
            "",
            "reach = max(float(np.abs(drawn).max()) for drawn in weights.values())",
            f"edges = np.linspace(-reach, reach, {BINS + 1}).tolist()",
            "drawn = {}",
            "for units, values in weights.items():",
            "    drawn[units] = {",
            '        "count": values.size,',
            '        "largest": float(np.abs(values).max()),',
            '        "spread": float(values.std()),',
            '        "share": (np.histogram(values, edges)[0] / values.size).tolist(),  # for the chart',
            "    }",
            "",
        ]
    )


CLAIM = Claim(
    key="initial_weights",
    number=8,
    title="The learned weights may vary",
    source="the third answer",
    statement="The two networks are equivalent, but the weights they learn may differ a little with the implementation.",
    question="From which range are a head's first weights drawn, against those of one layer for all?",
    options=("the same", "a wider one", "a narrower one"),
    judge=judge,
    code=code,
    evidence=Drawn,
    inapplicable_reason=needs_fused,
)
