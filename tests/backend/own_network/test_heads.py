"""Heads are found on the graph; the other style computes the same, and has the same total with its loss weights."""

import keras
import numpy as np
import pytest

import two_heads
from backend.own_network.conversion import fused, fused_with_same_outputs, split
from backend.own_network.heads import find_heads, other_outputs
from backend.own_network.reader import read
from backend.own_network.writer import write
from backend.worker.build import build
from tests.backend.own_network.test_writer import inputs_for, renew
from tests.own_models import MODELS

layers = keras.layers


def graph_of(model):
    return read(model.to_json())


def heads_on(*heads, width=6):
    """A model whose heads read one tensor."""
    inputs = keras.Input((4,), name="features")
    x = layers.Dense(width, activation="relu")(inputs)
    return graph_of(keras.Model(inputs, [head(x) for head in heads]))


FOUND = {
    "forecaster": [(tuple(f"h{i}" for i in range(1, 17)), 64, True)],
    "recommender": [(("click", "rating"), 16, False)],
    "transformer": [(("language", "tone", "topic"), 32, True)],
    "u_net": [(("mask", "depth"), 8, False)],
    "faces": [(("age", "gender"), 32, False)],
    "siamese": [(("same",), 16, False)],
    "autoencoder": [(("kind",), 6, False)],
    "mixture_of_experts": [(("income",), 8, False), (("married",), 8, False)],
    "one_day": [(("hours",), 32, False)],
    "different_heads": [(("risk", "kind", "cost"), 24, False), (("days",), 4, False)],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_the_heads_of_ten_models(name):
    groups = find_heads(graph_of(MODELS[name]()))
    assert [(group.layers, group.width, group.fusible) for group in groups] == FOUND[name]
    assert all(group.reason is None or group.reason.endswith(".") for group in groups)


def test_outputs_that_are_no_heads_are_named():
    assert other_outputs(graph_of(MODELS["autoencoder"]())) == (
        "The output “rebuilt” is a layer of the class TimeDistributed, neither Dense nor a convolution.",
    )
    image = keras.Input((8, 8, 4))
    grouped = keras.Model(image, layers.Conv2D(4, 3, groups=2, name="grouped")(image))
    assert "in groups" in other_outputs(graph_of(grouped))[0]
    assert not find_heads(graph_of(grouped))


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"activation": "tanh"}, "different activations (linear, tanh)"),
        ({"use_bias": False}, "some of them have a bias and some have none"),
        ({"dtype": "float64"}, "different dtypes"),
        ({"trainable": False}, "some of them are frozen and some are not"),
        ({"kernel_regularizer": "l2"}, "different kernel regularizers"),
        ({"activity_regularizer": "l1"}, "different activity regularizers"),
        ({"kernel_constraint": "non_neg"}, "different kernel constraints"),
    ],
)
def test_why_two_heads_cannot_be_one_layer(second, reason):
    (group,) = find_heads(heads_on(layers.Dense(1, name="a"), layers.Dense(1, name="b", **second)))
    assert not group.fusible
    assert reason in group.reason
    assert "“a” and “b”" in group.reason


def test_softmax_heads_cannot_be_one_layer_and_a_softmax_layer_cannot_be_several():
    softmax = {"activation": "softmax"}
    (group,) = find_heads(heads_on(layers.Dense(3, name="a", **softmax), layers.Dense(3, name="b", **softmax)))
    assert "sum to 1" in group.reason
    (group,) = find_heads(heads_on(layers.Dense(3, name="a", **softmax)))
    assert "softmax" in group.split_reason


def test_a_head_that_is_read_again_or_called_twice_stays():
    inputs = keras.Input((4,))
    x = layers.Dense(6)(inputs)
    a, b = layers.Dense(1, name="a")(x), layers.Dense(1, name="b")(x)
    (group, _) = find_heads(graph_of(keras.Model(inputs, [a, b, layers.Dense(1, name="c")(a)])))
    assert "Another layer reads the output of “a”." in group.reason
    shared = layers.Dense(1, name="shared")
    again = shared(layers.Dense(6)(inputs))
    (group, *_) = find_heads(graph_of(keras.Model(inputs, [shared(x), b, again])))
    assert "more than once" in group.reason


def test_a_constraint_of_a_whole_layer_keeps_heads_apart():
    def head(name, **arguments):
        return layers.Dense(2, name=name, **arguments)

    by_column = {"kernel_constraint": keras.constraints.MaxNorm(2.0, axis=0)}
    (group,) = find_heads(heads_on(head("a", **by_column), head("b", **by_column)))
    assert group.fusible
    whole = {"kernel_constraint": keras.constraints.MaxNorm(2.0, axis=1)}
    (group,) = find_heads(heads_on(head("a", **whole), head("b", **whole)))
    assert "acts on a whole layer" in group.reason


def test_those_of_several_heads_that_one_layer_can_replace():
    graph = heads_on(
        layers.Dense(1, name="a"),
        layers.Dense(1, name="p", activation="sigmoid"),
        layers.Dense(2, name="b"),
        layers.Dense(3, name="q", activation="sigmoid"),
        layers.Dense(3, name="s", activation="softmax"),
    )
    (group,) = find_heads(graph)
    assert not group.fusible
    assert [[head.name for head in subset] for subset in group.subsets] == [["a", "b"], ["p", "q"]]
    conversion = fused(graph, group.subsets[0])
    model = build(write(conversion.graph))
    assert model.output_names == ["heads", "p", "q", "s"]
    assert conversion.columns == (("a", 0, 1), ("b", 1, 3))
    with pytest.raises(ValueError, match="different activations"):
        fused(graph, group)


def conv_heads(window=3, **second):
    """Two convolutions that read one tensor."""
    image = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(image)
    head = {"kernel_size": window, "padding": "same", "strides": 2}
    first, other = layers.Conv2D(1, name="mask", **head), layers.Conv2D(2, name="flow", **(head | second))
    return keras.Model(image, [first(x), other(x)], name="conv_heads")


def nested_heads(activation="sigmoid"):
    """A model in a model, whose outputs are heads under names that Keras gave, and a head beside it."""
    features = keras.Input((6,))
    x = layers.Dense(5, activation="relu")(features)
    ends = {"z": layers.Dense(2)(x), "a": layers.Dense(1, activation=activation)(x), "x": x}
    block = keras.Model(features, ends, name="block")
    inputs = keras.Input((4,), name="features")
    made = block(layers.Dense(6)(inputs))
    alone = layers.Dense(1, name="alone")(made["x"])
    return keras.Model(inputs, {"late": made["z"], "early": made["a"], "alone": alone}, name="around")


def test_convolutions_with_one_window_are_heads_and_read_its_values():
    (group,) = find_heads(graph_of(conv_heads()))
    assert group.fusible
    assert group.width == 36
    assert group.reads == "36 values (3 × 3 positions of 4 channels) at each position"
    assert group.heads[1].written() == "Conv2D(2, 3)"


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"kernel_size": 1}, "different kernel sizes"),
        ({"strides": 1}, "different strides"),
        ({"padding": "valid"}, "different paddings (same, valid)"),
        ({"strides": 1, "dilation_rate": 2}, "different strides"),
        ({"kernel_constraint": keras.constraints.MaxNorm(2.0, axis=-1)}, "different kernel constraints"),
    ],
)
def test_why_two_convolutions_cannot_be_one_layer(second, reason):
    (group,) = find_heads(graph_of(conv_heads(**second)))
    assert reason in group.reason


def test_a_dense_layer_and_a_convolution_are_of_different_classes():
    steps = keras.Input((5, 3))
    ends = [layers.Dense(1, name="a")(steps), layers.Conv1D(1, 1, name="b")(steps)]
    (group,) = find_heads(graph_of(keras.Model(steps, ends)))
    assert "different classes (Conv1D, Dense)" in group.reason
    assert group.window is None


def test_heads_in_a_nested_model_are_found_and_stay_its_outputs():
    graph = graph_of(nested_heads())
    (inside,) = (group for group in find_heads(graph) if len(group.heads) > 1)
    assert inside.width == 5
    assert len(inside.layers) == 2
    assert all(name.startswith("block/dense_") for name in inside.layers)
    assert inside.same_outputs_reason is None
    assert not inside.fusible
    conversion = fused_with_same_outputs(graph, inside)
    assert conversion.path == ("block",)
    assert build(write(conversion.graph)).count_params() == build(write(graph)).count_params()
    (linear,) = (group for group in find_heads(graph_of(nested_heads("linear"))) if len(group.heads) > 1)
    assert "stay as they are" in linear.reason
    assert linear.same_outputs_reason is None


def test_those_of_several_heads_whose_columns_one_layer_can_have():
    heads = [
        layers.Dense(1, name="a"),
        layers.Dense(2, name="b", activation="softmax"),
        layers.Dense(1, name="c", use_bias=False),
    ]
    graph = heads_on(*heads)
    (group,) = find_heads(graph)
    assert "some of them have a bias and some have none" in group.same_outputs_reason
    assert not group.subsets
    ((a, b),) = group.cut_subsets
    conversion = fused_with_same_outputs(graph, (a, b))
    assert build(write(conversion.graph)).output_names == ["a", "b", "c"]
    assert conversion.columns == (("a", 0, 1), ("b", 1, 3))
    with pytest.raises(ValueError, match="some of them have a bias and some have none"):
        fused_with_same_outputs(graph, group)


def test_what_has_a_mask_is_not_cut_apart():
    ids = keras.Input((5,), dtype="int32")
    x = layers.Embedding(9, 4, mask_zero=True)(ids)
    ends = [layers.Dense(1, name="a")(x), layers.Dense(1, name="b", activation="tanh")(x)]
    (group,) = find_heads(graph_of(keras.Model(ids, ends)))
    assert "may have a mask" in group.same_outputs_reason


def pairs(models=()):
    """Models that can be converted, with their conversion: these and small ones."""
    for name in models:
        graph = graph_of(MODELS[name]())
        for group in find_heads(graph):
            if group.fusible:
                yield name, graph, fused(graph, group), True
            elif group.split_reason is None:
                yield name, graph, split(graph, group), False
    for name, graph in (("conv", graph_of(conv_heads())), ("wide", graph_of(conv_heads((1, 2))))):
        yield name, graph, fused(graph, find_heads(graph)[0]), True
    steps = keras.Input((7, 3))
    conv = graph_of(keras.Model(steps, layers.Conv1D(3, 2, dilation_rate=2, name="steps")(steps)))
    yield "split conv", conv, split(conv, find_heads(conv)[0]), False
    graph = heads_on(layers.Dense(5, name="all", kernel_regularizer="l2", activation="sigmoid"))
    yield "uneven", graph, split(graph, find_heads(graph)[0], (2, 3)), False


def move(one, several, conversion):
    """The weights of the model with separate heads, from those of the one with one layer."""
    names = [name for name, *_ in conversion.columns]
    rest = [layer for layer in one.layers if layer.weights and layer.name != conversion.layer]
    others = [layer for layer in several.layers if layer.weights and layer.name not in names]
    for source, target in zip(rest, others, strict=True):
        target.set_weights(source.get_weights())
    arrays = one.get_layer(conversion.layer).get_weights()
    for name, start, stop in conversion.columns:
        several.get_layer(name).set_weights([array[..., start:stop] for array in arrays])


def columns_of(outputs, model, names):
    by_name = (
        outputs
        if isinstance(outputs, dict)
        else dict(zip(model.output_names, keras.tree.flatten(outputs), strict=True))
    )
    return np.concatenate([np.asarray(by_name[name]) for name in names], axis=-1)


def total(model, x, y, weights):
    """The total loss on one batch, with "mse" for each output."""
    losses = dict.fromkeys(y, "mse") if isinstance(y, dict) else ["mse"] * len(y) if isinstance(y, list) else "mse"
    model.compile(loss=losses, loss_weights=weights, run_eagerly=True)
    return keras.tree.flatten(model.test_on_batch(x, y))[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("models", "found"),
    [
        ((), []),
        pytest.param(MODELS, [("forecaster", True), ("transformer", True), ("one_day", False)], marks=pytest.mark.soak),
    ],
    ids=["small models", "all"],
)
def test_both_styles_compute_the_same_and_the_loss_weights_make_their_totals_equal(models, found):
    seen = []
    for name, graph, conversion, is_fused in pairs(models):
        sources = [write(conversion.graph), write(graph)]
        one, several = map(build, sources if is_fused else sources[::-1])
        renew(one)
        move(one, several, conversion)
        assert one.count_params() == several.count_params()
        x = inputs_for(one, batch=8)
        whole = np.asarray(keras.tree.flatten(one(x, training=False))[0])
        parts = several(x, training=False)
        heads = [head for head, *_ in conversion.columns]
        joined = columns_of(parts, several, heads)
        np.testing.assert_allclose(joined, whole, rtol=1e-5, atol=1e-5)
        targets = np.random.default_rng(2).normal(size=whole.shape).astype("float32")
        y = {head: targets[..., start:stop] for head, start, stop in conversion.columns}

        if isinstance(parts, dict):
            weights = conversion.loss_weights
        else:
            y = [y[head] for head in several.output_names]
            weights = [conversion.loss_weights[head] for head in several.output_names]
        assert total(several, x, y, weights) == pytest.approx(total(one, x, targets, None), rel=1e-4)
        if conversion.layer_weight:
            assert total(several, x, y, None) == pytest.approx(
                total(one, x, targets, conversion.layer_weight), rel=1e-4
            )
        assert conversion.sentence.endswith("the totals are equal.")
        seen.append((name, is_fused))
    assert seen == [*found, ("conv", True), ("wide", True), ("split conv", False), ("uneven", False)]


def test_the_fused_layer_has_the_place_of_the_first_head():
    inputs = keras.Input((4,), name="features")
    x = layers.Dense(6)(inputs)
    a, b = layers.Dense(1, name="a")(x), layers.Dense(2, name="b")(x)
    other = layers.Activation("tanh", name="other")(x)
    graph = graph_of(keras.Model(inputs, {"a": a, "other": other, "b": b}))
    conversion = fused(graph, find_heads(graph)[0])
    assert conversion.graph.output_form.keys == ("heads", "other")
    assert conversion.loss_weights == {"a": pytest.approx(1 / 3), "b": pytest.approx(2 / 3)}
    assert conversion.layer_weight is None
    assert "0.333 and 0.667" in conversion.sentence


def test_a_layer_is_split_only_into_its_units():
    graph = heads_on(layers.Dense(4, name="all"))
    (group,) = find_heads(graph)
    assert [name for name, *_ in split(graph, group).columns] == ["all_1", "all_2", "all_3", "all_4"]
    with pytest.raises(ValueError, match="has 4 units, but the heads have 5"):
        split(graph, group, (2, 3))
    (group,) = find_heads(heads_on(layers.Dense(1, name="all")))
    assert group.split_reason == "“all” has one unit, so there is nothing to split."
    (group,) = find_heads(heads_on(layers.Dense(65, name="all")))
    assert group.split_reason == "“all” has 65 units. The app splits layers with 2 to 64."


COMPARED = MODELS | {make.__name__: make for make in (conv_heads, nested_heads)}


@pytest.mark.parametrize("name", COMPARED)
def test_the_library_makes_one_output_of_the_same_heads(name):
    """At home the library finds in the model what the app finds in its configuration."""
    model = COMPARED[name]()
    found = two_heads.find_heads(model, keep_outputs=False)
    library = {each.layers for each in found if each.fusible}
    app = set()
    for group in find_heads(graph_of(model)):
        subsets = [group.heads] if group.fusible else group.subsets
        app |= {tuple(head.name for head in subset) for subset in subsets}
    assert app == library


@pytest.mark.slow
def test_heads_with_different_activations_are_columns_of_one_layer_with_the_same_outputs():
    heads = [("a", 1, "linear"), ("p", 2, "sigmoid"), ("s", 3, "softmax")]
    for graph in (
        heads_on(*(layers.Dense(units, activation=activation, name=name) for name, units, activation in heads)),
        *(graph_of(MODELS[name]()) for name in ("faces", "recommender", "forecaster", "transformer")),
    ):
        (group,) = find_heads(graph)
        conversion = fused_with_same_outputs(graph, group)
        one, several = build(write(conversion.graph)), build(write(graph))
        assert one.output_names == several.output_names
        assert set(conversion.loss_weights.values()) == {1.0}
        assert "stay as they are" in conversion.sentence
        assert one.count_params() == several.count_params()
        renew(one)
        move(one, several, conversion)
        x = inputs_for(one)
        for ours, theirs in zip(
            *(keras.tree.flatten(model(x, training=False)) for model in (one, several)), strict=True
        ):
            np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", COMPARED)
def test_the_library_keeps_the_outputs_of_the_same_heads(name):
    model = COMPARED[name]()
    found = two_heads.find_heads(model)
    library = {each.layers for each in found if each.fusible}
    app = set()
    for group in find_heads(graph_of(model)):
        if group.same_outputs_reason is None:
            app.add(group.layers)
        app |= {tuple(group.prefix + head.name for head in subset) for subset in group.cut_subsets}
    assert app <= library
