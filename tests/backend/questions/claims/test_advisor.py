"""Claim 12: the advised style can express the architecture, and Keras behaves as the reasons say."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.questions.claims.advisor import CLAIM, NEEDS, Needs, advise
from backend.questions.claims.report import report
from backend.worker.build import build
from tests.backend.questions.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    experiment,
    head,
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
    for text, backing in advice.reasons:
        assert text
        assert backing in range(1, 12) if isinstance(backing, int) else backing.endswith(".py")
    assert advice == advise(on, sorted(wanted, reverse=True))


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


@pytest.mark.parametrize(("on", "style"), [(MIXED, "functional"), (HIDDEN, "functional"), (ONE_HEAD, "sequential")])
def test_some_architectures_leave_no_choice_whatever_the_visitor_needs(on, style):
    for need in NEEDS:
        assert advise(on, [need]).style_key == ("subclassing" if need == "own_python" else style)


@given(st.sampled_from([DEFAULT, MIXED, HIDDEN, ONE_HEAD]), needs)
def test_the_code_is_that_of_the_style_advised_for_the_chosen_needs(on, wanted):
    found = CLAIM.judge(on, Needs(chosen=tuple(sorted(wanted))))
    style = STYLES[advise(on, wanted).style_key]
    assert f"{style.title}: " in found.finding
    assert found.code == style.write(on.architecture) + "model.summary()\n"
    assert found.code in report(on, {CLAIM.key: found})


class Fitted:
    """The thread's network in one style, and one eager epoch of it."""

    def __init__(self, key, losses, on=DEFAULT, **arguments):
        dataset = generate(on.architecture, on.sequences, on.parts)
        self.x, self.y = dataset.x[:32], [values[:32] for values in dataset.y.values()]
        self.model = build(STYLES[key].write(on.architecture), 0)
        self.model.compile(optimizer="sgd", loss=losses, run_eagerly=True, **arguments)

    def fit(self, y, **arguments):
        history = self.model.fit(self.x, y, epochs=1, verbose=0, shuffle=False, **arguments).history
        return {name: values[0] for name, values in history.items()}


SEQUENTIAL, FUNCTIONAL = ("sequential", "mse"), ("functional", ["mse", "mse"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "task"),
    [
        ("subclassing", head("spike")),
        ("sequential", head("waveform", units=3)),
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
    assert any("`class_weight` works with one output if y is an array" in text for text, _ in advise(on, needs).reasons)


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
