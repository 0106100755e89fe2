"""What a larger total loss does to training, and which style to choose."""

from __future__ import annotations

import pytest
from hypothesis import given

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.experiment.training import Training
from backend.questions.compare.answer import choice, effect
from tests.builders.strategies import experiments

THREAD = Experiment()


def training(**values: object) -> Experiment:
    return THREAD.model_copy(update={"training": Training.model_validate(values)})


@pytest.mark.parametrize("values", [{"combine": "mean"}, {"combine": "own", "weights": (1, 3)}, {"combine": "pcgrad"}])
def test_nothing_is_said_where_no_total_is_larger_or_a_method_decides_the_steps(values: dict[str, object]) -> None:
    assert effect(training(**values)) == ()


@given(experiments())
def test_the_style_that_is_advised_can_express_the_network(experiment: Experiment) -> None:
    advised = [part.words for part in choice(experiment) if part.strong]
    for style in STYLES.values():
        if advised[-1].lower() == f"choose {style.title}".lower():
            assert style.unsupported_reason(experiment.architecture) is None
