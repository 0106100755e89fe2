"""What real Keras does, claim by claim: figures that the calculation gives, and verdicts that follow from them."""

import pickle

import pytest
from hypothesis import given, settings

from backend.experiment.styles import STYLES
from backend.experiment.training import Training
from backend.questions.claims import CLAIMS
from backend.statistics.intervals import FEWEST_PAIRS
from tests.backend.questions.claims.cases import (
    BENT,
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    SMALL,
    experiment,
    head,
    judged,
    measured,
    measured_from,
)
from tests.backend.questions.sentences import is_one_sentence
from tests.builders.strategies import experiments

#: Heads of several units on layers with activations, and heads with several losses and hidden layers.
SEVERAL_BENT = experiment(
    timesteps=4, features=3, lstm=(3,), dense=BENT.architecture.dense, heads=SEVERAL_UNITS.architecture.heads
)
UNLIKE = experiment(
    timesteps=8, lstm=(3,), heads=(head("level", hidden=(2,)), head("spike"), head("waveform", units=3))
)
OVERFLOWN = SMALL.model_copy(update={"training": Training(optimizer="sgd", learning_rate=100.0)})
HUBER = tuple(head(task, loss="huber") for task in ("level", "trend", "last"))
MEAN = experiment(timesteps=2, lstm=(3,), heads=HUBER).model_copy(update={"training": Training(combine="mean")})
WIDE = experiment(dense=(), lstm=(256,), heads=(head("level"), head("trend")))

#: The verdict on each claim where it holds; in `make soak` for further architectures.
TYPICAL = {
    "parameters": (DEFAULT, ONE_HEAD, HIDDEN),
    "fully_connected": (DEFAULT, MIXED),
    "same_function": (DEFAULT, SEVERAL_UNITS),
    "shapes": (DEFAULT, SEVERAL_UNITS),
    "averaged_summed": (DEFAULT,),
    "exactly_equal": (DEFAULT, OVERFLOWN),
    "initial_weights": (DEFAULT, SEVERAL_UNITS),
    "activations": (DEFAULT, BENT),
    "history_trap": (DEFAULT,),
}
FURTHER = {
    "parameters": (SIXTEEN, MIXED),
    "fully_connected": (ONE_HEAD, HIDDEN),
    "same_function": (SIXTEEN, NO_DENSE),
    "averaged_summed": (SEVERAL_UNITS,),
    "exactly_equal": (SEVERAL_BENT,),
    "history_trap": (UNLIKE,),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "on"),
    [
        *((key, on) for key, all_ in TYPICAL.items() for on in all_),
        *(pytest.param(key, on, marks=pytest.mark.soak) for key, all_ in FURTHER.items() for on in all_),
    ],
)
def test_the_claim_is_true_in_real_keras(key, on):
    found = judged(CLAIMS[key], on)
    assert found.kind == "true"
    assert found.figure in found.finding


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "on", "kind"), [("averaged_summed", MEAN, "false"), ("initial_weights", WIDE, "undecided")]
)
def test_settings_decide(key, on, kind):
    assert judged(CLAIMS[key], on).kind == kind


@pytest.mark.slow
def test_the_figures_of_the_thread_s_network():
    found = {key: measured(CLAIMS[key], DEFAULT) for key in TYPICAL}
    assert found["parameters"].parameters == dict.fromkeys(STYLES, 4762)
    assert found["fully_connected"].connected == {style: {"level": 8, "trend": 8} for style in STYLES}
    assert found["shapes"].predicted == {
        "sequential": (32, 2),
        "functional": [(32, 1), (32, 1)],
        "functional_fused": (32, 2),
        "subclassing": {"level": (32, 1), "trend": (32, 1)},
    }
    losses = {(row.style, row.form): row.loss for row in found["shapes"].targets}
    right = losses["sequential", "columns"]
    assert losses["functional", "list"] == pytest.approx(2 * right, rel=1e-5), "summed, not averaged"
    assert abs(losses["sequential", "one column"] - right) > 0.01
    ratios = found["averaged_summed"].default
    assert ratios.loss == pytest.approx(2.0, abs=1e-9)
    assert (ratios.gradient, ratios.unexplained) == pytest.approx((2.0, 0.0), abs=1e-9)
    remedies = {key: row.loss for key, row in found["averaged_summed"].remedies.items()}
    assert remedies == pytest.approx({"none": 2, "loss_weights": 1, "fused": 1, "reduction": 2})
    agree = [row["both agree"] for row in CLAIMS["averaged_summed"].judge(DEFAULT, found["averaged_summed"]).table]
    assert agree == ["✗ no", "✓ yes", "✓ yes", "✗ no"]
    assert found["exactly_equal"].moved > 1e-3
    one, both = (found["initial_weights"].drawn[units] for units in (1, 2))
    assert (one.largest, both.largest) == pytest.approx((0.8165, 0.7746), abs=0.001)
    assert found["activations"].without.product < 1e-6
    assert found["activations"].activated.product > 0.01


@pytest.mark.slow
def test_the_losses_of_a_real_fit_of_100_sequences_in_batches_of_32_add_up_only_with_weights():
    training = Training(combine="own", weights=(2.0, 0.5))
    on = SMALL.model_copy(
        update={"training": training, "sequences": SMALL.sequences.model_copy(update={"samples": 125})}
    )
    short, full = measured(CLAIMS["history_trap"], on).fits
    assert (short.sequences, short.last, full.sequences, full.last) == (100, 4, 96, 32)
    added = [
        sum(weight * loss for weight, loss in zip((2.0, 0.5), losses.values(), strict=True))
        for losses in (short.weighted, full.logged, short.logged)
    ]
    assert added[:2] == pytest.approx([short.total, full.total], rel=1e-5)
    assert abs(added[2] - short.total) > 1e-3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "before", "changed", "on"),
    [
        ("same_function", "x = np.random", 'b.get_layer("trend").kernel.assign(1.001 * b.get_layer("trend").kernel)\n',
         DEFAULT),
        ("fully_connected", "connected = {}", """
class Masked(layers.Dense):
    def call(self, inputs, training=None):
        return super().call(inputs * np.array([1, 1, 0, 1, 1, 1, 1, 1], "float32"))

models["functional"].get_layer("trend").__class__ = Masked
""", SMALL),
    ],
)  # fmt: skip
def test_models_that_differ_make_it_false(key, before, changed, on):
    source = CLAIMS[key].code(on)
    start = source.index(before)
    assert CLAIMS[key].judge(on, measured_from(CLAIMS[key], source[:start] + changed + source[start:])).kind == "false"


@pytest.mark.slow
@pytest.mark.parametrize("on", [DEFAULT, pytest.param(NO_DENSE, marks=pytest.mark.soak)])
def test_real_steps_are_timed_in_pairs_and_counted(on):
    styles = measured(CLAIMS["speed"], on).points[0].styles
    fused, separate, control = (styles[key] for key in ("sequential", "functional", "functional_fused"))
    assert len(fused.train) == len(separate.train) == len(control.train) >= FEWEST_PAIRS
    assert control.operations == fused.operations, "the control is the same graph"
    assert separate.operations > fused.operations
    assert separate.weights - fused.weights == 2 * (len(on.architecture.heads) - 1)


@given(experiments())
def test_an_inapplicable_claim_says_why_and_no_label_enters(on):
    for claim in CLAIMS.values():
        reason = claim.inapplicable_reason(on)
        if reason:
            assert reason in (finding := claim.judge(on, None).finding)
            assert is_one_sentence(finding), finding
        else:
            bare = on.unlabelled()
            compile(claim.code(on), claim.key, "exec")
            assert claim.code(on) == claim.code(bare)
            if claim.measured:
                with pytest.raises(ValueError, match="without evidence"):
                    claim.judge(on, None)


@pytest.mark.slow
@settings(max_examples=2)
@given(experiments(small=True))
def test_the_evidence_of_any_architecture_gives_a_verdict(on):
    # Claims whose evidence traces nothing, so that many architectures can be tried.
    for claim in map(CLAIMS.__getitem__, ("fully_connected", "shapes", "initial_weights", "activations")):
        if not claim.inapplicable_reason(on):
            found = claim.judge(on, pickle.loads(pickle.dumps(measured(claim, on))))
            assert found.kind in ("true", "undecided")
            assert (found.answer is None) == (found.kind == "undecided")
