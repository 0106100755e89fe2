"""The source of each style: readable, of numbers, enums and names alone; and the architectures it does not support."""

import ast
import re
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.activations import Activation, HeadActivation
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.experiment.styles.base import why_not_fused
from tests.builders.strategies import architectures

THREAD = {
    "sequential": """\
        import keras
        from keras import layers

        model = keras.Sequential(
            [
                keras.Input(shape=(10, 2)),
                layers.LSTM(32, unroll=True),
                layers.Dense(8),
                layers.Dense(2),
            ]
        )
        """,
    "functional": """\
        import keras
        from keras import layers

        inputs = keras.Input(shape=(10, 2))
        x = layers.LSTM(32, unroll=True)(inputs)
        x = layers.Dense(8)(x)
        level = layers.Dense(1, name="level")(x)
        trend = layers.Dense(1, name="trend")(x)
        model = keras.Model(inputs=inputs, outputs=[level, trend])
        """,
    "functional_fused": """\
        import keras
        from keras import layers

        inputs = keras.Input(shape=(10, 2))
        x = layers.LSTM(32, unroll=True)(inputs)
        x = layers.Dense(8)(x)
        outputs = layers.Dense(2)(x)
        model = keras.Model(inputs=inputs, outputs=outputs)
        """,
    "subclassing": """\
        import keras
        from keras import layers


        class MultiHead(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.lstm_1 = layers.LSTM(32, unroll=True)
                self.dense_1 = layers.Dense(8)
                self.level_output = layers.Dense(1, name="level")
                self.trend_output = layers.Dense(1, name="trend")

            def call(self, inputs):
                x = self.lstm_1(inputs)
                x = self.dense_1(x)
                level = self.level_output(x)
                trend = self.trend_output(x)
                return {"level": level, "trend": trend}


        model = MultiHead()
        model(keras.Input(shape=(10, 2)))
        """,
}

#: Long sequences, a stack of two, no Dense layer, one head with hidden layers.
DEEP = Architecture(
    timesteps=40,
    lstm=(4, 3),
    dense=(),
    heads=(Head.for_task("spike", hidden=(5, 6)), Head.for_task("waveform", name="kind", units=3)),
)
DEEP_SOURCES = {
    "functional": """\
        import keras
        from keras import layers

        inputs = keras.Input(shape=(40, 2))
        x = layers.LSTM(4, return_sequences=True)(inputs)
        x = layers.LSTM(3)(x)
        spike = layers.Dense(5, activation="relu")(x)
        spike = layers.Dense(6, activation="relu")(spike)
        spike = layers.Dense(1, activation="sigmoid", name="spike")(spike)
        kind = layers.Dense(3, activation="softmax", name="kind")(x)
        model = keras.Model(inputs=inputs, outputs=[spike, kind])
        """,
    "subclassing": """\
        import keras
        from keras import layers


        class MultiHead(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.lstm_1 = layers.LSTM(4, return_sequences=True)
                self.lstm_2 = layers.LSTM(3)
                self.spike_hidden_1 = layers.Dense(5, activation="relu")
                self.spike_hidden_2 = layers.Dense(6, activation="relu")
                self.spike_output = layers.Dense(1, activation="sigmoid", name="spike")
                self.kind_output = layers.Dense(3, activation="softmax", name="kind")

            def call(self, inputs):
                x = self.lstm_1(inputs)
                x = self.lstm_2(x)
                spike = self.spike_hidden_1(x)
                spike = self.spike_hidden_2(spike)
                spike = self.spike_output(spike)
                kind = self.kind_output(x)
                return {"spike": spike, "kind": kind}


        model = MultiHead()
        model(keras.Input(shape=(40, 2)))
        """,
}


def test_every_style_writes_the_threads_network_in_idiomatic_keras():
    assert {key: style.write(Architecture()) for key, style in STYLES.items()} == {
        key: dedent(source) for key, source in THREAD.items()
    }


@pytest.mark.parametrize("style", DEEP_SOURCES)
def test_heads_with_hidden_layers(style):
    assert STYLES[style].write(DEEP) == dedent(DEEP_SOURCES[style])


# What may stand in a source

NODES = (
    *(ast.Module, ast.Import, ast.ImportFrom, ast.alias, ast.Assign, ast.Expr, ast.Name, ast.Load, ast.Store),
    *(ast.Attribute, ast.Call, ast.keyword, ast.Constant, ast.List, ast.Tuple, ast.Dict),
    *(ast.ClassDef, ast.FunctionDef, ast.arguments, ast.arg, ast.Return),
)
CALLED = {
    *("keras.Input", "keras.Model", "keras.Sequential", "layers.LSTM", "layers.Dense"),
    *("super", "super().__init__", "MultiHead", "model"),
}
NAMES = {"keras", "layers", "inputs", "outputs", "model", "x", "self", "super", "kwargs", "MultiHead"}
ATTRIBUTES = {"Input", "Model", "Sequential", "LSTM", "Dense", "__init__"}
ARGUMENTS = {"shape", "units", "activation", "name", "unroll", "return_sequences", "inputs", "outputs", None}
WORDS = {*Activation.__args__, *HeadActivation.__args__}


def foreign(source, architecture):
    """Whatever in `source` is not Keras, a setting's number, an enum's word or a head's name."""
    heads = {head.name for head in architecture.heads}
    tree = ast.parse(source)
    own = re.compile(rf"(lstm|dense)_\d|({'|'.join(heads)})_(output|hidden_\d)")
    numbers = {int(number) for number in re.findall(r"\d+", repr(architecture.model_dump(exclude={"heads": ...})))}
    for head in architecture.heads:
        numbers |= {head.units, *head.hidden}
    numbers.add(architecture.output_units)

    def allowed(node):
        match node:
            case ast.Import() | ast.ImportFrom():
                return ast.unparse(node) in ("import keras", "from keras import layers")
            case ast.Name(id=name):
                return name in NAMES | heads
            case ast.Attribute(attr=name):
                return name in ATTRIBUTES or (own.fullmatch(name) and ast.unparse(node.value) == "self")
            case ast.Call(func=ast.Call(func=inner)):  # a layer, called on a tensor where it is made
                return ast.unparse(inner) in ("layers.LSTM", "layers.Dense")
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                return own.fullmatch(name)
            case ast.Call(func=called):
                return ast.unparse(called) in CALLED
            case ast.keyword(arg=name):
                return name in ARGUMENTS
            case ast.Constant(value=bool(value)):
                return value
            case ast.Constant(value=int(value)):
                return value in numbers
            case ast.Constant(value=value):
                return value in WORDS | heads
        return isinstance(node, NODES)

    return [ast.unparse(node) for node in ast.walk(tree) if not allowed(node)]


@given(architectures(), st.sampled_from(sorted(STYLES)))
def test_only_keras_numbers_enums_and_names_enter_a_source(architecture, key):
    source = STYLES[key].write(architecture)
    assert foreign(source, architecture) == []


# What a style refuses


def can_be_fused(architecture):
    """The same question, asked of the pairs of heads."""
    first, *others = architecture.heads
    if first.hidden:
        return False
    alike = [(head.activation, head.loss, head.hidden) == (first.activation, first.loss, ()) for head in others]
    return all(alike) and (not others or first.activation != "softmax")


@given(architectures())
def test_a_fused_style_is_unsupported_exactly_if_the_heads_cannot_share_a_layer(architecture):
    for style in STYLES.values():
        reason = style.unsupported_reason(architecture)
        assert (reason is None) == (style.outputs != "fused" or can_be_fused(architecture))
        if reason:
            assert reason.startswith(f"{style.title} is not available for these heads: ")
            assert reason.endswith(".")
            assert STYLES["functional"].unsupported_reason(architecture) is None


@pytest.mark.parametrize(
    ("heads", "reason"),
    [
        (
            [{"hidden": [4]}, {}],
            "with one output layer for all heads, no head can have hidden layers of its own (head_1)",
        ),
        (
            [{"hidden": [4]}] * 6,
            "with one output layer for all heads, no head can have hidden layers of its own "
            "(head_1, head_2, head_3, head_4, …)",
        ),
        (
            [{}, {"activation": "tanh"}, {}],
            "one output layer has one activation, but the heads have linear, tanh",
        ),
        (
            [{"task": "waveform", "units": 3, "activation": "softmax", "loss": "mse"}] * 2,
            "softmax over one output layer would make the class probabilities of all heads together sum to 1",
        ),
    ],
)
def test_the_reason_names_the_heads_or_their_values(heads, reason):
    named = [{"name": f"head_{i}", **head} for i, head in enumerate(heads, start=1)]
    assert why_not_fused(Architecture.model_validate({"heads": named})) == reason
