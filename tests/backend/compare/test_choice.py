"""What a larger total loss does to training, and which style to choose."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given

from backend.compare.choice import choice, effect
from backend.compare.parts import Part
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.experiment.training import Training
from backend.speed.findings import recorded_difference
from tests.builders.strategies import experiments

THREAD = Experiment()


def text(parts: tuple[Part, ...]) -> str:
    return "".join(part.words for part in parts)


def training(**values: object) -> Experiment:
    return THREAD.model_copy(update={"training": Training.model_validate(values)})


@pytest.mark.parametrize("values", [{"combine": "mean"}, {"combine": "own", "weights": (1, 3)}, {"combine": "pcgrad"}])
def test_nothing_is_said_where_no_total_is_larger_or_a_method_decides_the_steps(values: dict[str, object]) -> None:
    assert effect(training(**values)) == ()


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_what_is_said_of_an_optimizer_is_what_its_steps_in_keras_do(key: str) -> None:
    """Three steps along gradients that are not tiny, and along gradients three times as large."""
    entry, gradients = OPTIMIZERS[key], np.array([[0.5, -2.0], [1.0, 0.25], [-0.75, 4.0]], "float32")

    def moved(factor: float) -> np.ndarray:
        weights = keras.Variable(np.zeros(2, "float32"))
        optimizer = getattr(keras.optimizers, entry.keras)(
            learning_rate=0.01, **({"momentum": 0.9} if key == "momentum" else {})
        )
        optimizer.build([weights])
        for gradient in gradients:
            optimizer.apply_gradients([(keras.ops.convert_to_tensor(factor * gradient), weights)])
        return np.array(weights)

    longer = "steps are 3 times as long" in entry.scaling.in_short("Functional", "3")
    np.testing.assert_allclose(moved(3), (3 if longer else 1) * moved(1), rtol=1e-4)


def test_the_speed_that_is_named_is_the_one_that_was_recorded() -> None:
    for heads in (2, 3, 4, 16):
        architecture = Architecture(heads=tuple(Head.for_task("level", name=f"h{i}") for i in range(heads)))
        k, step = recorded_difference(heads) or pytest.fail("the recorded sweep found no difference")
        assert k <= heads
        assert text(choice(Experiment(architecture=architecture))).endswith(
            f"With {k} heads, a train step with a layer for each head took {step.median:.2f} times as "
            "long in our measurement."
        )


@given(experiments())
def test_the_style_that_is_advised_can_express_the_network(experiment: Experiment) -> None:
    advised = [part.words for part in choice(experiment) if part.strong]
    for style in STYLES.values():
        if f"Choose {style.title}" in advised:
            assert style.unsupported_reason(experiment.architecture) is None
    fused = f"choose one Dense({experiment.architecture.output_units})"
    if fused in advised:
        assert STYLES["functional_fused"].unsupported_reason(experiment.architecture) is None
