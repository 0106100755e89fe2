"""Thousands of mutated and hostile configurations: each is accepted or gives a sentence, and nothing else happens.

What is accepted becomes source that has only the calls and constants that the writer writes.
"""

import ast
import contextlib
import copy
import itertools
import json
import math
import random
import sys
import time
from pathlib import Path

import pytest

from backend.own_network.conversion import fused, fused_with_same_outputs, split
from backend.own_network.heads import find_heads
from backend.own_network.layers import LAYERS
from backend.own_network.layers.operations import OPERATIONS
from backend.own_network.reader import read
from backend.own_network.refusal import Refused
from backend.own_network.settings import NotExpressible, as_settings
from backend.own_network.size import measured
from backend.own_network.writer import write
from backend.worker.build import build
from tests.backend.own_network.test_heads import COMPARED

RECORDED = Path(__file__).parent / "configs"
#: No single configuration may take longer, not even on a busy machine.
SECONDS_EACH = 20

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
    *LAYERS,
    *OPERATIONS,
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


def model(*layers, inputs=None, outputs=None):
    return {
        "class_name": "Functional",
        "config": {
            "name": "m",
            "layers": list(layers),
            "input_layers": inputs or [["a", 0, 0]],
            "output_layers": outputs or [["b", 0, 0]],
        },
    }


def entry(kind, name, reads=(), **config):
    nodes = [{"args": [tensor(each)], "kwargs": {}} for each in reads]
    return {"class_name": kind, "name": name, "config": {"name": name, **config}, "inbound_nodes": nodes}


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
        wrapped = {"class_name": "TimeDistributed", "config": {"name": f"t{i}", "layer": wrapped}}
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


MODULES = {"keras", "layers", "ops"}


def is_plain(source):
    """Whether source has only assignments of calls of Keras's own functions, on variables and constants."""
    tree = ast.parse(source)
    imports, rest = tree.body[:2], tree.body[2:]
    assert [ast.unparse(each) for each in imports] in (
        ["import keras", "from keras import layers"],
        ["import keras", "from keras import layers, ops"],
    )
    assigned = set(MODULES)
    for statement in rest:
        assert isinstance(statement, ast.Assign)
        assert isinstance(statement.targets[0], ast.Name)
        for node in ast.walk(statement.value):
            assert isinstance(node, ALLOWED), ast.dump(node)
            if isinstance(node, ast.Name):
                assert node.id in assigned, node.id
            elif isinstance(node, ast.Attribute):
                root = ast.unparse(node).split(".")
                assert root[0] in MODULES
                assert all(part.isidentifier() and not part.startswith("_") for part in root)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value.isascii()
                assert all(letter.isalnum() or letter == "_" for letter in node.value), node.value
                assert len(node.value) <= 60
            elif isinstance(node, ast.BinOp):
                assert None not in (getattr(node.left, "value", 0), getattr(node.right, "value", 0))
            elif isinstance(node, ast.Call):
                assert isinstance(node.func, ast.Attribute | ast.Name | ast.Call)
        name = statement.targets[0].id
        assert name not in MODULES
        assert name.isidentifier()
        assert not name.startswith("_")
        assigned.add(name)
    return "model" in assigned


ALLOWED = (
    ast.Call,
    ast.Attribute,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.keyword,
    ast.Tuple,
    ast.List,
    ast.Dict,
    ast.Subscript,
    ast.Slice,
    ast.UnaryOp,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
)


def outcome(text):
    """ "accepted" or "refused". Fails if anything else happens."""
    start = time.thread_time()
    try:
        graph = read(text)
    except Refused as error:
        sentence = str(error)
        assert sentence.isprintable()
        assert 20 < len(sentence) < 700, sentence
        assert sentence.endswith("."), sentence
        result = "refused"
    else:
        assert is_plain(write(graph))
        with contextlib.suppress(NotExpressible):
            as_settings(graph)
        for group in find_heads(graph) if len(text) % 3 == 0 else ():  # some, since it takes as long as the rest
            if group.same_outputs_reason is None:
                assert is_plain(write(fused_with_same_outputs(graph, group).graph))
            if group.fusible:
                assert is_plain(write(fused(graph, group).graph))
            elif group.split_reason is None:
                assert is_plain(write(split(graph, group).graph))
        result = "accepted"
    assert time.thread_time() - start < SECONDS_EACH, text[:500]
    return result


@pytest.fixture
def nothing_else(monkeypatch):
    """Fails if a file is opened, a module imported, code executed or a process started meanwhile."""
    seen = []
    watched = (
        "open",
        "import",
        "exec",
        "subprocess.Popen",
        "os.system",
        "socket.connect",
        "marshal.loads",
        "pickle.find_class",
    )
    active = [False]

    def hook(event, arguments):
        if active[0] and event in watched:
            seen.append((event, str(arguments)[:200]))

    sys.addaudithook(hook)
    read(json.dumps(model(source_layer(), entry("Dense", "b", ["a"], units=1))))  # what is imported lazily, is now
    active[0] = True
    yield
    active[0] = False
    assert not seen, seen[:5]


@pytest.mark.slow
def test_handwritten_configurations_are_refused_with_a_sentence(nothing_else):
    outcomes = [outcome(text) for text in handwritten()]
    assert outcomes.count("refused") > 150


def lean(value):
    """A configuration without most of what the reader ignores, so that mutations change what it reads."""
    if isinstance(value, dict):
        return {
            key: lean(each) for key, each in value.items() if key != "build_config" and not key.endswith("_initializer")
        }
    return [lean(each) for each in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def configs():
    recorded = [json.loads(path.read_text())["models"].values() for path in sorted(RECORDED.glob("*.json"))]
    ours = [json.loads(make().to_json()) for make in COMPARED.values()]
    return [json.dumps(lean(config)) for config in (*ours, *itertools.chain(*recorded))]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "mutations"), [(0, 1_500), pytest.param(1, 20_000, marks=pytest.mark.soak)])
def test_mutated_configurations_are_accepted_or_refused_with_a_sentence(configs, nothing_else, seed, mutations):
    rng = random.Random(seed)
    outcomes = [outcome(json.dumps(mutated(json.loads(rng.choice(configs)), rng))) for _ in range(mutations)]
    assert outcomes.count("accepted") > mutations // 20
    assert outcomes.count("refused") > mutations // 4


@pytest.mark.slow
def test_keras_builds_what_is_accepted_as_large_as_arithmetic_says(configs):
    rng, plain, seen = random.Random(1), [write(read(config)) for config in configs], set()
    while len(seen) < 20:
        try:
            graph = read(json.dumps(mutated(json.loads(rng.choice(configs)), rng)))
        except Refused:
            continue
        source = write(graph)
        if source not in seen and source not in plain:
            seen.add(source)
            built, size = build(source), measured(graph)
            assert built.count_params() == size.parameters, source
            assert [tuple(output.shape[1:]) for output in built.outputs] == list(size.outputs), source
