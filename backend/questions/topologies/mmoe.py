"""A mixture of experts with a gate for each task.

Source: Ma et al. 2018, "Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts", §4.
"""

from __future__ import annotations

from backend.questions.topologies.base import Recipe, Topology, keras_source
from backend.questions.topologies.related import COMPILE, INPUT, METRIC, MODEL, SEEDS, TASK, draw

EXPERTS, UNITS = 3, 6

TOPOLOGY = Topology(
    key="mmoe",
    number=8,
    title="Mixture of experts",
    summary="Shared experts, a gate per task",
    description=f"{EXPERTS} small LSTMs, the experts, read the same sequence. Each task has a gate that weights the "
    "experts separately for every sequence. So the tasks can share experts if that helps, and use different "
    "experts if it does not.",
    task=TASK,
    baseline_description="One shared LSTM with about as many weights, and the same two towers on it. Ma et al. "
    "(2018) make this comparison too.",
    model=Recipe(
        "experts and gates",
        keras_source(
            INPUT,
            f"experts = [layers.LSTM({UNITS}, unroll=True)(sequence) for _ in range({EXPERTS})]",
            "seen = layers.Concatenate()(experts)",
            f"stacked = layers.Reshape(({EXPERTS}, {UNITS}))(seen)",
            "outputs = []",
            'for task in ("a", "b"):',
            f'    gate = layers.Dense({EXPERTS}, activation="softmax", name=f"gate_{{task}}")(seen)',
            '    mixed = layers.Dot(axes=1, name=f"mixture_{task}")([gate, stacked])',
            '    x = layers.Dense(8, activation="relu")(mixed)',
            "    outputs.append(layers.Dense(1, name=task)(x))",
            "a, b = outputs",
            MODEL,
        ),
        COMPILE,
    ),
    baseline=Recipe(
        "one shared LSTM",
        keras_source(
            INPUT,
            "x = layers.LSTM(12, unroll=True)(sequence)",
            'a = layers.Dense(8, activation="relu")(x)',
            'a = layers.Dense(1, name="a")(a)',
            'b = layers.Dense(8, activation="relu")(x)',
            'b = layers.Dense(1, name="b")(b)',
            MODEL,
        ),
        COMPILE,
    ),
    attempt=keras_source(
        "model = keras.Sequential([",
        "    keras.Input(shape=(6, 1)),",
        f'    layers.Dense({EXPERTS}, activation="softmax", name="gate"),',
        f"    layers.LSTM({UNITS}),  # one expert",
        "    layers.Dot(axes=1),  # needs the experts and the gate",
        "    layers.Dense(1),",
        "])",
    ),
    draw=draw,
    metric=METRIC,
    seeds=SEEDS,
    has_relatedness=True,
)
