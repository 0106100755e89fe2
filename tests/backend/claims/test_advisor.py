"""Claim 12: the advised style can express the architecture, and Keras behaves as the reasons say."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.claims.advisor import CLAIM, NEEDS, Needs, advise
from backend.claims.base import verdict
from backend.claims.report import report
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.worker.build import build
from backend.worker.claims.common import sample
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    experiment,
    head,
    printed,
)
from tests.builders.strategies import experiments

SEPARATE = ["losses", "missing", "metrics", "class_weights", "freezing"]
needs = st.sets(st.sampled_from(sorted(NEEDS)))


@given(experiments(), needs)
def test_the_advised_style_can_express_the_architecture_and_every_reason_has_evidence(on, wanted):
    advice = advise(on, wanted)
    assert STYLES[advice.style_key].unsupported_reason(on.architecture) is None
    assert advice.sentence.startswith(STYLES[advice.style_key].title)
    assert len(advice.reasons) == 1 + len(wanted)
    for reason in advice.reasons:
        assert (reason.claim in range(1, 12)) != bool(reason.source)
    assert advice == advise(on, sorted(wanted, reverse=True))


@given(experiments(), needs)
def test_fused_advice_meets_only_needs_that_a_fused_output_can_meet(on, wanted):
    if STYLES[advise(on, wanted).style_key].outputs == "fused" and len(on.architecture.heads) > 1:
        assert not wanted & {*SEPARATE, "own_python"}


@given(experiments(), needs)
def test_a_label_never_enters(on, wanted):
    heads = tuple(head.model_copy(update={"label": ""}) for head in on.architecture.heads)
    bare = on.model_copy(update={"architecture": on.architecture.model_copy(update={"heads": heads})})
    assert advise(bare, wanted) == advise(on, wanted)


@pytest.mark.parametrize("on", [DEFAULT, SEVERAL_UNITS, SIXTEEN])
def test_a_need_changes_the_advice(on):
    assert advise(on, []).style_key == "sequential"
    assert advise(on, ["saving"]).style_key == "sequential"
    for need in SEPARATE:
        assert advise(on, [need]).style_key == "functional"
        assert advise(on, [need, "speed", "one_array"]).style_key == "functional"
        assert advise(on, [need, "own_python"]).style_key == "subclassing"
    for need in ("speed", "one_array"):
        assert advise(on, [need]).style_key == "functional_fused"


@pytest.mark.parametrize("on", [MIXED, HIDDEN])
def test_some_architectures_need_separate_heads_whatever_the_visitor_needs(on):
    for need in NEEDS:
        assert advise(on, [need]).style_key == ("subclassing" if need == "own_python" else "functional")
    against = advise(on, ["speed", "one_array"]).reasons[1:]
    assert all(reason.text.startswith("A disadvantage") for reason in against)


def test_one_head_needs_only_a_sequential_model():
    for need in NEEDS:
        assert advise(ONE_HEAD, [need]).style_key == ("subclassing" if need == "own_python" else "sequential")


def test_an_unknown_need_is_named():
    with pytest.raises(ValueError, match="there is no need beauty"):
        advise(DEFAULT, ["beauty"])


def test_the_verdict_takes_the_visitor_s_choices():
    found = verdict(CLAIM, DEFAULT, Needs())
    assert (found.kind, found.answer) == ("false", "none: it depends on the need")
    assert found.finding.startswith("It depends on what you need. Without a special need, Sequential:")
    uses = {row["style"]: row["best for"] for row in found.picture.rows}
    assert uses["Sequential"] == "no special need; saving the model"
    assert uses["Functional, fused"] == "speed; predictions in one array"
    found = verdict(CLAIM, DEFAULT, Needs(chosen=("freezing",)))
    assert found.kind == "false", "the needs chosen do not decide whether needs matter"
    assert "For your needs, Functional:" in found.finding
    assert [row["evidence"] for row in found.table] == ["claim 5", "Keras 3.15, `layers/layer.py`"]
    assert set(CLAIM.choices) == set(NEEDS)


@given(st.sampled_from([DEFAULT, MIXED, HIDDEN, ONE_HEAD]), needs)
def test_the_code_is_that_of_the_style_advised_for_the_chosen_needs(on, wanted):
    found = verdict(CLAIM, on, Needs(chosen=tuple(sorted(wanted))))
    style = STYLES[advise(on, wanted).style_key]
    assert f"{style.title}: " in found.finding
    assert found.code == style.write(on.architecture) + "model.summary()\n"
    assert found.code in report(on, {CLAIM.key: found})
    assert "our judgement" in found.why


@pytest.mark.slow
def test_the_code_shows_the_advised_model():
    assert "4,762" in printed(CLAIM, DEFAULT)


class Fitted:
    """The thread's network in one style, and one eager epoch of it."""

    def __init__(self, key, losses, on=DEFAULT, **arguments):
        self.x, targets = sample(on, 32)
        self.y = list(targets.values())
        self.labels = [(values > 0).astype("float32") for values in self.y]
        self.model = build(STYLES[key].write(on.architecture), 0)
        self.model.compile(optimizer="sgd", loss=losses, run_eagerly=True, **arguments)

    def fit(self, y, **arguments):
        history = self.model.fit(self.x, y, epochs=1, verbose=0, shuffle=False, **arguments).history
        return {name: values[0] for name, values in history.items()}


SEQUENTIAL, FUNCTIONAL = ("sequential", "mse"), ("functional", ["mse", "mse"])


@pytest.mark.slow
def test_history_holds_each_head_only_with_several_losses():
    fused, separate = Fitted(*SEQUENTIAL), Fitted(*FUNCTIONAL)
    assert set(fused.fit(np.hstack(fused.y))) == {"loss"}
    assert set(separate.fit(separate.y)) == {"loss", "level_loss", "trend_loss"}


@pytest.mark.slow
def test_a_fused_output_uses_the_first_of_two_losses():
    one, two = Fitted("sequential", "mae"), Fitted("sequential", ["mae", "mse"])
    y = np.hstack(one.y)
    assert two.fit(y)["loss"] == one.fit(y)["loss"]


@pytest.mark.slow
def test_class_weight_is_refused_for_several_outputs_and_misread_on_a_fused_one():
    separate, fused, same = Fitted(*FUNCTIONAL), Fitted(*SEQUENTIAL), Fitted(*SEQUENTIAL)
    weights = {0: 1.0, 1: 5.0}
    with pytest.raises(ValueError, match="`class_weight` is only supported for Models with a single output"):
        separate.fit(separate.labels, class_weight=weights)
    labels = np.hstack(fused.labels)
    as_classes = np.where(labels.argmax(axis=1) == 1, 5.0, 1.0)
    misread = fused.fit(labels, class_weight=weights)["loss"]
    assert misread == pytest.approx(same.fit(labels, sample_weight=as_classes)["loss"])


@pytest.mark.slow
def test_class_weight_of_one_head():
    for units, misread in ((1, False), (2, True)):
        on = experiment(heads=(head("spike", units=units),))
        weighted, plain, by_hand = (Fitted("sequential", "binary_crossentropy", on) for _ in range(3))
        y = weighted.labels[0]
        classes = y.argmax(axis=1) if misread else y[:, 0]
        loss = weighted.fit(y, class_weight={0: 1.0, 1: 5.0})["loss"]
        assert loss == pytest.approx(by_hand.fit(y, sample_weight=np.where(classes == 1, 5.0, 1.0))["loss"])
        assert loss > plain.fit(y)["loss"]
        said = advise(on, ["class_weights"]).reasons[-1].text
        assert ("treat your columns as classes" in said) == misread


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "task"),
    [
        ("subclassing", head("spike")),
        ("sequential", head("waveform", units=3)),
        *(pytest.param(key, head("spike"), marks=pytest.mark.soak) for key in ("sequential", "functional")),
        *(
            pytest.param(key, head("waveform", units=3), marks=pytest.mark.soak)
            for key in ("functional", "subclassing")
        ),
    ],
)
def test_class_weight_of_one_head_works_in_every_style_with_an_array_and_in_none_with_a_dict_or_list(key, task):
    on = experiment(timesteps=8, heads=(task,))
    labels = np.arange(32) % max(task.units, 2)
    y = labels[:, None].astype("float32") if task.units == 1 else np.eye(task.units, dtype="float32")[labels]
    weighted, by_hand = (Fitted(key, task.loss, on) for _ in range(2))
    loss = weighted.fit(y, class_weight={0: 1.0, 1: 5.0, 2: 2.0})["loss"]
    assert loss == pytest.approx(by_hand.fit(y, sample_weight=np.array([1.0, 5.0, 2.0])[labels])["loss"])
    for nested in ({task.name: y}, [y]):
        with pytest.raises(ValueError, match="`class_weight` is only supported for Models with a single output"):
            weighted.fit(nested, class_weight={0: 1.0, 1: 5.0, 2: 2.0})
    needs = ["class_weights", *(["own_python"] if key == "subclassing" else [])]
    said = next(reason.text for reason in advise(on, needs).reasons if "class_weight" in reason.text)
    assert "y is an array" in said
    assert (f'`{{"{task.name}": y}}`' in said) == (key == "subclassing")


@pytest.mark.slow
def test_missing_labels_need_a_weight_for_each_head_and_a_number_in_their_place():
    known = np.ones((32, 2), "float32")
    known[:16, 1] = 0
    fused = Fitted(*SEQUENTIAL)
    with pytest.raises(Exception, match="Incompatible shapes"):
        fused.fit(np.hstack(fused.y), sample_weight=known)
    losses = {}
    for missing in (np.nan, 0.0, 1e3):
        separate = Fitted(*FUNCTIONAL)
        separate.y[1][:16] = missing
        losses[missing] = separate.fit(separate.y, sample_weight=list(known.T))["loss"]
    assert np.isnan(losses[np.nan])
    assert losses[0.0] == losses[1e3]


@pytest.mark.slow
def test_a_head_freezes_as_a_layer_and_a_fused_kernel_is_one_variable():
    separate = Fitted(*FUNCTIONAL)
    separate.model.get_layer("trend").trainable = False
    separate.model.compile(optimizer="sgd", loss=["mse", "mse"], run_eagerly=True)
    before = {name: separate.model.get_layer(name).get_weights()[0] for name in ("level", "trend")}
    separate.fit(separate.y)
    moved = {name: np.any(separate.model.get_layer(name).get_weights()[0] != kernel) for name, kernel in before.items()}
    assert moved == {"level": True, "trend": False}
    assert [tuple(v.shape) for v in Fitted(*SEQUENTIAL).model.layers[-1].trainable_variables] == [(8, 2), (2,)]


@pytest.mark.slow
def test_a_subclass_is_saved_without_its_layers_and_draws_as_one_box(tmp_path):
    boxes = {}
    for key in ("sequential", "functional", "functional_fused", "subclassing"):
        model = build(STYLES[key].write(DEFAULT.architecture), 0)
        model.save(tmp_path / f"{key}.keras")
        boxes[key] = sum(node.get_name().isdigit() for node in keras.utils.model_to_dot(model).get_nodes())
        if key == "subclassing":
            assert "layers" not in model.get_config()
            with pytest.raises(TypeError, match="Could not locate class 'MultiHead'"):
                keras.models.load_model(tmp_path / f"{key}.keras")
        else:
            assert "layers" in model.get_config()
            keras.models.load_model(tmp_path / f"{key}.keras")
    assert boxes["subclassing"] == 1
    assert boxes["functional"] == 5


def test_equal_softmax_heads_need_separate_outputs():
    classes = tuple(Head.for_task("waveform", name=name, units=3) for name in ("a", "b"))
    on = DEFAULT.model_copy(update={"architecture": Architecture(heads=classes)})
    assert advise(on, ["speed"]).style_key == "functional"
