"""Which changes of the settings keep a claim's evidence and its question."""

import pytest
from hypothesis import given

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.training import Training
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import evidence_key, prediction_key
from tests.backend.questions.claims.cases import DEFAULT
from tests.builders.strategies import experiments


def changed(**update):
    return DEFAULT.model_copy(update=update)


def same(key, on):
    """The claims whose key is that of the default experiment."""
    return {name for name, claim in CLAIMS.items() if key(claim, on) == key(claim, DEFAULT)}


def test_styles_beside_each_other_epochs_and_labels_change_nothing():
    labelled = Architecture(heads=tuple(Head.for_task(task, label="mine") for task in ("level", "trend")))
    for on in (
        changed(left="functional", right="subclassing"),
        changed(training=Training(epochs=3, seeds=4, same_start=False)),
        changed(architecture=labelled),
    ):
        assert same(prediction_key, on) == set(CLAIMS), on


#: The claims that train.
TRAINED = {"exactly_equal", "history_trap", "optimizers"}


@pytest.mark.parametrize(
    ("on", "others"),
    [
        (changed(training=Training(optimizer="sgd")), {"optimizers", "exactly_equal", "speed", "history_trap"}),
        (changed(training=Training(combine="mean")), {"averaged_summed", "history_trap"}),
        (
            changed(training=Training(learning_rate=0.01)),
            TRAINED,
        ),
        (changed(architecture=Architecture(dense=(DenseLayer(units=8, activation="relu"),))), set(CLAIMS)),
    ],
    ids=["optimizer", "loss weights", "learning rate", "activation"],
)
def test_a_changed_setting_asks_the_claims_that_depend_on_it_again(on, others):
    kept = same(prediction_key, on)
    if others == set(CLAIMS):
        assert kept == {"initial_weights"}, "Glorot's rule does not know the activation"
    else:
        assert kept == set(CLAIMS) - others


@given(experiments())
def test_every_experiment_has_keys(on):
    for claim in CLAIMS.values():
        assert evidence_key(claim, on)
        assert (evidence_key(claim, on) == "not applicable") == (claim.inapplicable_reason(on) is not None)
