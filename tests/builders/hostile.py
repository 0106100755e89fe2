"""Configurations that somebody wrote to do harm, and changes of one to thousands of others."""

from __future__ import annotations

import copy
import json
import math

from backend.own_model.allowed import ALLOWED

NAMES = [
    "x'); import os; os.system('id') #",
    'x"\nimport os\n"',
    "\ud800",
    "{x}",
    "__class__",
    "import",
    "layers",
    "None",
    "é" * 400,
    "",
    "a" * 300,
    "dense",
    "dense_1",
    "<script>",
    "../../etc/passwd",
    "x\x00y",
    "__import__('os')",
    "\N{RIGHT-TO-LEFT OVERRIDE}x",
]
NUMBERS = [
    0,
    -1,
    1,
    2,
    3,
    64,
    10**6,
    2**31,
    2**63,
    2**64,
    -(2**63),
    10**17,
    0.5,
    -0.5,
    1e308,
    1e-320,
    -0.0,
    math.nan,
    True,
    False,
]
CLASSES = [
    "Lambda",
    "TFOpLambda",
    "SlicingOpLambda",
    "TFSMLayer",
    "StringLookup",
    "TorchModuleWrapper",
    "JaxLayer",
    "FlaxLayer",
    "Functional",
    "Sequential",
    "Model",
    "os.system",
    "builtins.eval",
    "__class__",
    "Layer",
    "Strict",
    "Operation",
    "Merge",
    "Wrapper",
    *sorted({name for _, name in ALLOWED}),
]
LAMBDA = {
    "module": "keras.layers",
    "class_name": "Lambda",
    "registered_name": None,
    "config": {"function": {"class_name": "__lambda__", "config": {"code": "4wEAAAAAAAAA", "defaults": None}}},
}
VALUES = [
    None,
    [],
    {},
    [[]],
    "",
    *NAMES,
    *NUMBERS,
    LAMBDA,
    math.inf,
    -math.inf,
    [None],
    [1, 2],
    [[1, 2], [3, 4]],
    {"class_name": "L2", "config": {"l2": 2**70}},
    {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}},
    {"class_name": "__keras_tensor__", "config": {"keras_history": [[], {}, None]}},
    {"class_name": "function", "module": "os", "config": "system", "registered_name": "os>system"},
    {"class_name": "__typespec__", "spec_name": "os.system"},
    {"class_name": "__numpy__", "config": {"value": [1], "dtype": "x"}},
]


KEYS = ["module", "registered_name", "groups", "stateful", "data_format", "kind", "graph", "layer", "noise_shape"]


def somewhere(value, rng):
    """A list or an object in a configuration that is not empty, at any depth; mostly in a layer."""
    layers = value.get("config", {}).get("layers") if isinstance(value.get("config"), dict) else None
    if layers and isinstance(layers, list) and rng.random() < 0.9:
        layer = rng.choice(layers)
        value = layer if layer and isinstance(layer, dict | list) else value
    while rng.random() < 0.65:
        inner = [
            each
            for each in (value.values() if isinstance(value, dict) else value)
            if each and isinstance(each, dict | list)
        ]
        if not inner:
            break
        value = rng.choice(inner)
    return value


def mutated(config, rng):
    """The configuration with some things changed, removed, moved or repeated."""
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        place = somewhere(config, rng)
        if not place:
            continue
        key = rng.choice(list(place)) if isinstance(place, dict) else rng.randrange(len(place))
        action = rng.random()
        if action < 0.45:
            place[key] = copy.deepcopy(similar(place[key], key, rng))
        elif action < 0.6:
            place[key] = copy.deepcopy(rng.choice(VALUES))
        elif action < 0.7:
            del place[key]
        elif action < 0.8:
            place[key] = copy.deepcopy(somewhere(config, rng))
        elif isinstance(place, dict):
            place[rng.choice([*NAMES, *KEYS])] = copy.deepcopy(rng.choice(VALUES))
        else:
            place.insert(key, copy.deepcopy(rng.choice([place[key], *VALUES])))
    return config


def similar(value, key, rng):
    """Another value of the same type."""
    if key == "class_name":
        return rng.choice(CLASSES)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return rng.choice(NUMBERS)
    if isinstance(value, str):
        return rng.choice([*NAMES, value.upper(), "relu", "same", "causal", "float16", "channels_first"])
    return rng.choice(VALUES)


def model(*layers, inputs=None, outputs=None, name="m"):
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "registered_name": "Functional",
        "config": {
            "name": name,
            "layers": list(layers),
            "input_layers": inputs or [["a", 0, 0]],
            "output_layers": outputs or [["b", 0, 0]],
        },
    }


def entry(kind, name, reads=(), **config):
    nodes = [{"args": [tensor(each)], "kwargs": {}} for each in reads]
    return {
        "module": "keras.layers",
        "class_name": kind,
        "registered_name": None,
        "name": name,
        "config": {"name": name, **config},
        "inbound_nodes": nodes,
    }


def tensor(name, call=0, output=0):
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, call, output]}}


def source_layer(shape=(4,)):
    return entry("InputLayer", "a", batch_shape=[None, *shape])


def handwritten():
    """Configurations that somebody wrote to do harm, as text."""
    a = source_layer()
    yield from (
        "",
        "null",
        "[]",
        "1",
        '"x"',
        "{",
        "{}" * 9,
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 50_000,
        "\ud800",
        "\x00",
    )
    yield '{"class_name": "Functional", "class_name": "Lambda", "config": {}}'
    yield '{"class_name": "Functional", "config": ' + "9" * 200_000 + "}"
    yield '{"class_name": "Functional", "config": 1e999}'
    yield '{"class_name": "Functional", "config": NaN}'
    yield json.dumps({"class_name": "Functional", "config": "x" * 300_000})
    yield json.dumps(model(a, *[{} for _ in range(100_000)]))
    yield '{"class_name":"Sequential","config":[' + ",".join(["{}"] * 100_000)[:250_000].rstrip(",{") + "]}"
    yield json.dumps(model(a, entry("Dense", "b", ["b"], units=1)))
    yield json.dumps(model(a, entry("Dense", "b", ["c"], units=1), entry("Dense", "c", ["b"], units=1)))
    yield json.dumps(model(a, entry("Dense", "b", ["nobody"], units=1)))
    yield json.dumps(model(a, a, entry("Dense", "b", ["a"], units=1)))
    for shape in (
        [2**63],
        [2**31, 2**31],
        [-1],
        [0],
        [10**9],
        [1.5],
        ["4"],
        [True],
        [None] * 7,
        [None] * 6,
        [[4]],
        [10**6, 10**6],
    ):
        yield json.dumps(model(source_layer(shape), entry("Dense", "b", ["a"], units=1)))
    for units in (0, -1, 2**63, 65_536, 1.0, True, "8", None, [8], 10**17):
        yield json.dumps(model(source_layer((65_536,)), entry("Dense", "b", ["a"], units=units)))
    for name in NAMES:
        yield json.dumps(model(a, entry("Dense", name, ["a"], units=1), outputs=[[name, 0, 0]]))
        yield json.dumps(model(a, entry("Dense", "b", ["a"], units=1), outputs={name: ["b", 0, 0]}))
    for key, value in (
        ("module", "os"),
        ("registered_name", "mine>Dense"),
        ("module", "keras.src.layers"),
        ("registered_name", "os.system"),
    ):
        yield json.dumps(model(a, {**entry("Dense", "b", ["a"], units=1), key: value}))
    for kind in CLASSES:
        yield json.dumps(model(a, entry(kind, "b", ["a"])))
        yield json.dumps(model(a, entry(kind, "b", ["a"], layer=LAMBDA, units=1)))
    yield json.dumps(model(source_layer((8, 8, 4)), entry("UpSampling2D", "b", ["a"], size=[1024, 1024])))
    yield json.dumps(model(source_layer((8,)), entry("RepeatVector", "b", ["a"], n=10**5)))
    yield json.dumps(model(source_layer((4, 4)), entry("ZeroPadding1D", "b", ["a"], padding=[2**40, 2**40])))
    chain = [entry("UpSampling1D", f"u{i}", [f"u{i - 1}" if i else "a"], size=1024) for i in range(60)]
    yield json.dumps(model(source_layer((1024, 1)), *chain, outputs=[["u59", 0, 0]]))
    doubled = [entry("Concatenate", f"c{i}") for i in range(200)]
    for i, each in enumerate(doubled):
        each["inbound_nodes"] = [{"args": [[tensor(f"c{i - 1}" if i else "a")] * 2], "kwargs": {}}]
    yield json.dumps(model(a, *doubled, outputs=[["c199", 0, 0]]))
    yield json.dumps(
        model(
            a,
            *[entry("Dense", f"d{i}", [f"d{i - 1}" if i else "a"], units=1) for i in range(900)],
            outputs=[["d899", 0, 0]],
        )
    )
    many = entry("Dense", "b", ["a"], units=4)
    many["inbound_nodes"] = [{"args": [tensor("b", i - 1) if i else tensor("a")], "kwargs": {}} for i in range(1_200)]
    yield json.dumps(model(a, many, outputs=[["b", 1_199, 0]]))
    yield '"' + '\\"' * 130_000
    yield '{"' + '\\"' * 130_000 + '": 1}'
    looks_like_a_tensor = {**entry("Add", "b"), "inbound_nodes": [{"args": [tensor("a"), ["a", 0, 0]], "kwargs": {}}]}
    yield json.dumps(model(a, looks_like_a_tensor))
    yield json.dumps(nested(30))
    yield json.dumps(
        model(
            a,
            *[entry("Dense", "é" * i, ["a"], units=1) for i in range(1, 400)],
            outputs=[["é" * i, 0, 0] for i in range(1, 60)],
        )
    )
    old = {
        "class_name": "Dense",
        "name": "b",
        "config": {"units": 4},
        "inbound_nodes": [[["b", i, 0]] for i in range(15_000)],
    }
    yield json.dumps(model(a, old, outputs=[["b", 14_999, 0]]))
    yield json.dumps(
        model(
            a,
            {**old, "inbound_nodes": [[["a", 0, 0]], *[[["b", i, 0]] for i in range(1_900)]]},
            outputs=[["b", 1_900, 0]],
        )
    )
    wide = [["a", 0, 0]] * 60
    yield json.dumps(
        model(
            a,
            *[{"class_name": "Add", "name": f"s{i}", "config": {}, "inbound_nodes": [wide]} for i in range(200)],
            outputs=[["s199", 0, 0]],
        )
    )
    yield json.dumps(exploding())
    wrapped = entry("Dense", "b", units=1)
    for i in range(20):
        wrapped = {
            "module": "keras.layers",
            "registered_name": None,
            "class_name": "TimeDistributed",
            "config": {"name": f"t{i}", "layer": wrapped},
        }
    yield json.dumps(
        model(source_layer([2] * 4), {**wrapped, "name": "b", "inbound_nodes": [{"args": [tensor("a")], "kwargs": {}}]})
    )


def nested(depth):
    inner = entry("Dense", "b", ["a"], units=1)
    for _ in range(depth):
        inner = {**model(source_layer(), inner), "name": "b", "inbound_nodes": [{"args": [tensor("a")], "kwargs": {}}]}
    return inner


def exploding():
    """Four models, each of which calls the next 40 times."""
    inner = entry("Dense", "b", ["a"], units=4)
    for _ in range(4):
        inner["inbound_nodes"] = [{"args": [tensor("b", i - 1) if i else tensor("a")], "kwargs": {}} for i in range(40)]
        inner = {**model(source_layer(), inner, outputs=[["b", 40, 0]]), "name": "b"}
    return inner
