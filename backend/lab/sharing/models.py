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

    `source(size)` defines `model`, whose outputs are a dict. It has so many first layers, and `mixing` are
    the parameters that mix their outputs.
    """

    key: str
    title: str
    source: Callable[[Size], str]
    first_layers: int
    mixing: int = 0

    def parameters(self, size: Size) -> int:
        """The number of parameters: first layers, mixtures, and both towers with their output layers."""
        towers = 2 * ((size.units + 1) * size.tower + size.tower + 1)
        return self.first_layers * (INPUTS + 1) * size.units + self.mixing + towers


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
    Model("separate", "separate networks", _separate, 2),
    Model("hard", "hard sharing", _hard, 1),
    # Learned mixtures of two towers (Misra et al. 2016, arXiv 1604.03539).
    Model("cross_stitch", "cross-stitch", _cross_stitch, 2, 2 * 4),
    # Experts, weighted by a gate for each head (Ma et al., KDD 2018).
    Model("mmoe", "MMoE", _mmoe, EXPERTS, 2 * (INPUTS + 1) * EXPERTS),
    # One shared expert beside an own expert for each head: a level of PLE (Tang et al., RecSys 2020).
    Model("cgc", "CGC", _cgc, 3, 2 * (INPUTS + 1) * 2),
)

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
