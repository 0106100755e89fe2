"""What the download says of how the models are compiled is how they are compiled."""

from __future__ import annotations

import pytest

from backend.experiment import Experiment
from backend.training.export.source import compile_call, compiled_words
from two_heads.weightings import METHODS


def _experiment(combine: str, right: str = "functional") -> Experiment:
    return Experiment.model_validate({"left": "sequential", "right": right, "training": {"combine": combine}})


@pytest.mark.parametrize("method", METHODS)
def test_a_model_trained_with_a_method_is_compiled_with_the_plain_sum_and_the_download_says_so(method):
    setting = _experiment(method)
    words = compiled_words(setting)
    _, right = setting.styles()
    assert compile_call(setting, right).endswith("loss_weights=[1.0, 1.0])")
    assert words.startswith("Functional is compiled with the plain sum of the head losses, because Keras's file cannot")
    assert METHODS[method].title in words
    assert "Sequential is compiled as it was trained." in words
