"""Predictions of visitors: kept by what they depend on, bounded, and forgotten on request."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.claims import CLAIMS
from backend.claims.predictions import Predictions
from backend.experiment.training import Training
from tests.backend.claims.cases import DEFAULT, experiment

PARAMETERS, OPTIMIZERS, SPEED = CLAIMS["parameters"], CLAIMS["optimizers"], CLAIMS["speed"]
YES, NO = PARAMETERS.options[:2]
SGD = DEFAULT.model_copy(update={"training": Training(optimizer="sgd")})
LARGER = experiment(features=3)


@pytest.fixture
def predictions():
    return Predictions()


def test_a_prediction_is_its_visitors_own_and_can_be_changed_and_taken_back(predictions):
    predictions.predict(PARAMETERS, DEFAULT, "ada", YES)
    assert predictions.predicted(PARAMETERS, DEFAULT, "ada") == YES
    assert predictions.predicted(PARAMETERS, DEFAULT, "bob") is None
    assert not predictions.revealed(PARAMETERS, DEFAULT, "bob")
    predictions.predict(PARAMETERS, DEFAULT, "ada", NO)
    assert predictions.predicted(PARAMETERS, DEFAULT, "ada") == NO
    predictions.predict(PARAMETERS, DEFAULT, "ada", None)
    assert not predictions.revealed(PARAMETERS, DEFAULT, "ada")


def test_a_setting_counts_only_for_the_claims_that_depend_on_it(predictions):
    predictions.predict(PARAMETERS, DEFAULT, "ada", YES)
    predictions.predict(OPTIMIZERS, DEFAULT, "ada", OPTIMIZERS.options[0])
    assert predictions.predicted(PARAMETERS, SGD, "ada") == YES, "the optimizer does not change the parameters"
    assert predictions.predicted(OPTIMIZERS, SGD, "ada") is None, "the question is about another optimizer"
    assert predictions.predicted(PARAMETERS, LARGER, "ada") is None
    assert predictions.predicted(OPTIMIZERS, DEFAULT, "ada") == OPTIMIZERS.options[0], "it is there on the way back"


def test_what_was_revealed_keeps_its_prediction(predictions):
    predictions.predict(PARAMETERS, DEFAULT, "ada", YES)
    predictions.reveal([PARAMETERS, SPEED], DEFAULT, "ada")
    assert predictions.predicted(PARAMETERS, DEFAULT, "ada") == YES
    assert predictions.revealed(SPEED, DEFAULT, "ada")
    assert predictions.predicted(SPEED, DEFAULT, "ada") is None


def test_clearing_forgets_one_visitor(predictions):
    for visitor in ("ada", "bob"):
        predictions.predict(PARAMETERS, DEFAULT, visitor, YES)
    predictions.clear("ada")
    assert not predictions.any("ada")
    assert predictions.predicted(PARAMETERS, DEFAULT, "ada") is None
    assert predictions.predicted(PARAMETERS, DEFAULT, "bob") == YES


def test_only_options_are_kept(predictions):
    with pytest.raises(ValueError, match="claim 1 has no option “perhaps”"):
        predictions.predict(PARAMETERS, DEFAULT, "ada", "perhaps")


def test_the_oldest_are_forgotten_first():
    few = Predictions(visitors=2, claims=2)
    for visitor in ("ada", "bob", "eve"):
        few.predict(PARAMETERS, DEFAULT, visitor, YES)
    assert [few.any(visitor) for visitor in ("ada", "bob", "eve")] == [False, True, True]
    few.predict(OPTIMIZERS, DEFAULT, "eve", OPTIMIZERS.options[0])
    few.predict(SPEED, DEFAULT, "eve", SPEED.options[0])
    assert few.predicted(PARAMETERS, DEFAULT, "eve") is None
    assert few.predicted(SPEED, DEFAULT, "eve") == SPEED.options[0]


def test_many_threads_predict_at_once():
    shared = Predictions(visitors=50)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: shared.predict(PARAMETERS, DEFAULT, f"visitor {i % 40}", YES), range(2000)))
    assert all(shared.predicted(PARAMETERS, DEFAULT, f"visitor {i}") == YES for i in range(40))
