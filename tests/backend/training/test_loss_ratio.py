"""The ratio of the totals: predicted by arithmetic, measured in Keras."""

import numpy as np
import pytest
from hypothesis import given

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.training.loss_ratio import expected_ratio, explanation, loss_shares
from tests.builders.strategies import experiments

ONE = {"name": "one", "task": "level"}
TWO = {"name": "two", "task": "last"}
WIDE = {"name": "wide", "task": "last", "units": 3}
CLASSES = {
    **{"name": "kind", "task": "waveform", "units": 3},
    **{"activation": "softmax", "loss": "categorical_crossentropy"},
}


def experiment(heads=(ONE, TWO), left="sequential", right="functional", **training):
    return Experiment.model_validate(
        {
            "architecture": {"timesteps": 8 if CLASSES in heads else 2, "features": 3, "lstm": [3], "heads": heads},
            "left": left,
            "right": right,
            "sequences": {"samples": 32},
            "training": training,
        }
    )


#: What the ratio is for equal predictions, and a word of the reason.
CASES = [
    (experiment(), 2, "The total of Functional is the sum of its losses."),
    (experiment(left="functional", right="sequential"), 1 / 2, "Sequential ÷ Functional = 0.5,"),
    (
        experiment([{**ONE, "name": name, "loss": "huber"} for name in "abcd"], right="subclassing"),
        4,
        "Subclassing ÷ Sequential = 4,",
    ),
    (
        experiment([{**WIDE, "name": name} for name in "abc"], left="functional_fused"),
        3,
        "= 3, and the totals do not say which predicts better",
    ),
    (experiment([ONE, WIDE]), None, "can change during training"),
    (experiment([ONE, WIDE], combine="mean"), 1, "counts as much in one total as in the other"),
    (experiment(combine="pcgrad"), 2, "Functional does not minimize this sum: PCGrad decides each step."),
    (
        experiment(combine="own", weights=[3, 3]),
        6,
        "is the sum of its losses times your weights.",
    ),
    (experiment(combine="own", weights=[0.5, 0.5]), 1, "counts as much in one total as in the other"),
    (experiment(combine="own", weights=[2, 0.5]), None, "can change during training"),
    (experiment(combine="own", weights=[0, 2]), None, "can change during training"),
    (experiment(combine="own", weights=[0, 2], left="functional", right="subclassing"), 1, "counts as much in one"),
    (
        experiment(left="sequential", right="functional_fused", combine="own", weights=[0, 2]),
        1,
        "counts as much in one",
    ),
    (experiment([CLASSES]), 1, "counts as much in one"),
    (experiment([CLASSES], right="subclassing"), 1, "counts as much in one"),
    (
        experiment([CLASSES], left="functional", right="subclassing", combine="own", weights=[3]),
        3,
        "is the sum of its losses times your weights.",
    ),
]
#: Cases with each style, each way to combine losses, and a ratio that can change during training.
MEASURED = (0, 3, 5, 9, 14)


@pytest.mark.parametrize(("setting", "expected", "reason"), CASES)
def test_the_expected_ratio_and_its_explanation(setting, expected, reason):
    ratio = expected_ratio(setting)
    assert ratio == (None if expected is None else pytest.approx(expected))
    assert reason in explanation(setting)


@given(experiments(settings=False))
def test_swapping_the_sides_inverts_the_ratio(setting):
    turned = setting.model_copy(update={"left": setting.right, "right": setting.left})
    ratio, other = expected_ratio(setting), expected_ratio(turned)
    assert (ratio is None) == (other is None)
    if ratio and 1e-9 < ratio < 1e9:  # a weight may be as small as a float can be
        assert ratio * other == pytest.approx(1)
    assert explanation(setting).endswith(".")


def measured(setting, style, weights):
    """Keras's own total of a compiled model with these weights, and each head's loss of its outputs."""
    import keras

    from backend.worker.build import build, load
    from tests.builders.outputs import by_head

    architecture = setting.architecture
    dataset = generate(architecture, setting.sequences, setting.parts)
    model = build(style.write(architecture))
    load(model, weights)
    names = [head.name for head in architecture.heads]
    losses = [head.loss for head in architecture.heads]
    shares = list(setting.training.loss_weights(architecture))
    if style.outputs == "dict":
        losses, shares, y = dict(zip(names, losses, strict=True)), dict(zip(names, shares, strict=True)), dataset.y
    elif style.one_output(architecture):
        losses, shares, y = losses[0], None, np.concatenate([dataset.y[name] for name in names], axis=1)
    else:
        y = [dataset.y[name] for name in names]
    model.compile(loss=losses, loss_weights=shares, run_eagerly=True)  # tracing it takes longer
    total = model.evaluate(dataset.x, y, batch_size=32, verbose=0, return_dict=True)["loss"]
    outputs = by_head(model(dataset.x), architecture, style)
    each = [
        float(keras.losses.get(h.loss)(dataset.y[h.name], outputs[h.name]).numpy().mean()) for h in architecture.heads
    ]
    return total, each


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "expected"),
    [pytest.param(*case[:2], marks=() if i in MEASURED else pytest.mark.soak) for i, case in enumerate(CASES)],
)
def test_keras_measures_the_same_ratio_before_training(setting, expected):
    from backend.worker.build import build, transfer_weights, weights_of

    architecture, styles = setting.architecture, setting.styles()
    first = weights_of(build(styles[0].write(architecture), seed=2))
    totals = []
    for style in styles:
        total, each = measured(setting, style, transfer_weights(first, architecture, styles[0], style))
        shares = loss_shares(setting, style)
        assert total == pytest.approx(sum(share * loss for share, loss in zip(shares, each, strict=True)), rel=1e-5)
        totals.append(total)
    if expected is not None:
        assert totals[1] / totals[0] == pytest.approx(expected, rel=1e-5)
