"""Five networks for two heads: their Keras source, and sizes with nearly equal parameter counts.

Each network flattens a sequence. The first layer is a trunk, a layer of experts, or one Dense layer for each head. Then
each head has a tower, which is a Dense layer of its own, and an output layer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backend.network import cross_stitch

#: The shape of a sequence, and the usual units of a head's tower.
TIMESTEPS, FEATURES, TOWER = 10, 4, 8
INPUTS = TIMESTEPS * FEATURES
#: Experts of MMoE. CGC has one shared expert and one of each head.
EXPERTS = 3
#: Parameter counts may differ by this share from that of the separate networks.
TOLERANCE = 0.05
_TOWERS = range(TOWER - 3, TOWER + 4)

_IMPORTS = """import keras
from keras import layers
"""
_INPUT = f"""sequence = keras.Input(shape=({TIMESTEPS}, {FEATURES}))
x = layers.Flatten()(sequence)
outputs = {{}}"""
_MODEL = "model = keras.Model(sequence, outputs)"


@dataclass(frozen=True)
class Size:
    """Units of the first layer (of a trunk, of a network or of an expert), and units of each head's tower."""

    units: int
    tower: int = TOWER


@dataclass(frozen=True)
class Model:
    """A network for the heads a and b.

    `source(size)` defines `model`, whose outputs are a dict. `parameters(size)` is its number of parameters.
    """

    key: str
    title: str
    source: Callable[[Size], str]
    parameters: Callable[[Size], int]


def dense(inputs: int, units: int) -> int:
    """Parameters of a Dense layer."""
    return (inputs + 1) * units


def _heads(size: Size) -> int:
    """Parameters of both towers with their output layers."""
    return 2 * (dense(size.units, size.tower) + dense(size.tower, 1))


def _source(body: str, before: str = "") -> str:
    """The whole source. `before` stands after the imports."""
    return "\n".join([_IMPORTS, "", *([before.strip(), "", ""] if before else []), _INPUT, body.strip(), _MODEL, ""])


def _separate(size: Size) -> str:
    return _source(f"""
for head in ("a", "b"):
    network = layers.Dense({size.units}, activation="relu")(x)
    tower = layers.Dense({size.tower}, activation="relu")(network)
    outputs[head] = layers.Dense(1, name=head)(tower)
""")


def _hard(size: Size) -> str:
    return _source(f"""
trunk = layers.Dense({size.units}, activation="relu")(x)
for head in ("a", "b"):
    tower = layers.Dense({size.tower}, activation="relu")(trunk)
    outputs[head] = layers.Dense(1, name=head)(tower)
""")


def _cross_stitch(size: Size) -> str:
    body = f"""
a = layers.Dense({size.units}, activation="relu")(x)
b = layers.Dense({size.units}, activation="relu")(x)
a, b = CrossStitch(name="stitch_1")([a, b])
a = layers.Dense({size.tower}, activation="relu")(a)
b = layers.Dense({size.tower}, activation="relu")(b)
a, b = CrossStitch(name="stitch_2")([a, b])
outputs["a"] = layers.Dense(1, name="a")(a)
outputs["b"] = layers.Dense(1, name="b")(b)
"""
    return _source(body, before=cross_stitch.SOURCE)


def _mmoe(size: Size) -> str:
    return _source(f"""
experts = [layers.Dense({size.units}, activation="relu")(x) for _ in range({EXPERTS})]
experts = keras.ops.stack(experts, axis=1)
for head in ("a", "b"):
    gate = layers.Dense({EXPERTS}, activation="softmax", name=f"gate_{{head}}")(x)
    mixture = layers.Dot(axes=1)([gate, experts])
    tower = layers.Dense({size.tower}, activation="relu")(mixture)
    outputs[head] = layers.Dense(1, name=head)(tower)
""")


def _cgc(size: Size) -> str:
    return _source(f"""
shared = layers.Dense({size.units}, activation="relu")(x)
for head in ("a", "b"):
    own = layers.Dense({size.units}, activation="relu")(x)
    gate = layers.Dense(2, activation="softmax", name=f"gate_{{head}}")(x)
    mixture = layers.Dot(axes=1)([gate, keras.ops.stack([own, shared], axis=1)])
    tower = layers.Dense({size.tower}, activation="relu")(mixture)
    outputs[head] = layers.Dense(1, name=head)(tower)
""")


_LIST = (
    Model("separate", "separate networks", _separate, lambda size: 2 * dense(INPUTS, size.units) + _heads(size)),
    Model("hard", "hard sharing", _hard, lambda size: dense(INPUTS, size.units) + _heads(size)),
    # Learned mixtures of two towers (Misra et al. 2016, arXiv 1604.03539).
    Model(
        "cross_stitch", "cross-stitch", _cross_stitch,
        lambda size: 2 * dense(INPUTS, size.units) + _heads(size) + 2 * 4,
    ),
    # Experts, weighted by a gate for each head (Ma et al., KDD 2018).
    Model(
        "mmoe", "MMoE", _mmoe,
        lambda size: EXPERTS * dense(INPUTS, size.units) + 2 * dense(INPUTS, EXPERTS) + _heads(size),
    ),
    # One shared expert beside an own expert for each head: a level of PLE (Tang et al., RecSys 2020).
    Model(
        "cgc", "CGC", _cgc, lambda size: 3 * dense(INPUTS, size.units) + 2 * dense(INPUTS, 2) + _heads(size),
    ),
)  # fmt: skip

#: Every network by its key. The others are compared with the first one.
MODELS = {model.key: model for model in _LIST}


def sizes(units: int) -> dict[str, Size]:
    """The size of each network, given the units of the separate ones: their parameter counts are within `TOLERANCE`.

    Towers have their usual size if that allows a size within the tolerance.
    """
    wanted = MODELS["separate"].parameters(Size(units))
    return {"separate": Size(units)} | {key: _nearest(MODELS[key], wanted) for key in MODELS if key != "separate"}


def _nearest(model: Model, wanted: int) -> Size:
    def cost(size: Size) -> tuple[bool, int, float]:
        apart = abs(model.parameters(size) / wanted - 1)
        return apart > TOLERANCE, abs(size.tower - TOWER), apart

    most = wanted // INPUTS + 1
    return min((Size(first, tower) for first in range(1, most + 1) for tower in _TOWERS), key=cost)
