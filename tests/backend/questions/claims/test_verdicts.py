"""The verdict of each claim for evidence that could be measured."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.dataset import Sequences
from backend.experiment.styles import STYLES
from backend.experiment.training import Training
from backend.network.initial_weights import glorot_limit
from backend.questions.claims import CLAIMS, initial_weights
from backend.questions.claims.activations import Deviation, Deviations
from backend.questions.claims.advisor import Needs
from backend.questions.claims.averaged_summed import LossRatios, Ratios
from backend.questions.claims.exactly_equal import Compared, Layer, Trained
from backend.questions.claims.fully_connected import Connections
from backend.questions.claims.history_trap import Fit, Fits, sizes
from backend.questions.claims.initial_weights import Drawn
from backend.questions.claims.parameters import Counts
from backend.questions.claims.same_function import Batch, Outputs
from backend.questions.claims.shapes import Responses
from backend.questions.claims.speed import sweep
from backend.questions.speed.result import Point, StyleTimings, SweepResult
from backend.statistics.intervals import FEWEST_PAIRS
from tests.backend.questions.claims.cases import (
    BENT,
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
)  # fmt: skip
from tests.backend.questions.sentences import is_one_sentence

NAN = math.nan


def on(samples=1280, where=DEFAULT, **training):
    update = {"training": Training(**training), "sequences": Sequences(samples=samples)}
    return where.model_copy(update=update)


def counts(number=4762, **others):
    return Counts(parameters=dict.fromkeys(STYLES, number) | others)


def connected(styles=STYLES, heads=None, **others):
    return Connections(connected=dict.fromkeys(styles, heads or {"level": 8, "trend": 8}) | others)


def outputs(difference, output=0.5):
    one, many = Batch(difference=0.0, output=output), Batch(difference=difference, output=output)
    return Outputs(batches={1: one, 32: many})


def responses(functional=((32, 1), (32, 1)), **one_column):
    rows = {
        ("sequential", "columns"): {"loss": 1.2},
        ("sequential", "one column"): one_column or {"loss": 1.5},
        ("functional", "list"): {"loss": 2.4},
        ("functional", "columns"): {"error": "KeyError: no. At all."},
        ("functional", "flat"): {"loss": 2.4},
    }
    targets = [{"style": style, "form": form, **answer} for (style, form), answer in rows.items()]
    functional = list(functional) if isinstance(functional[0], tuple) else functional
    return Responses(predicted={"sequential": (32, 2), "functional": functional}, targets=targets)


def ratios(loss, gradient=None, unexplained=0.0):
    return Ratios(loss=loss, gradient=loss if gradient is None else gradient, unexplained=unexplained)


def losses(default=None, yours=None, mean=None):
    default = default or ratios(2.0)
    return LossRatios(
        default=default, yours=yours or default, remedies={"none": default, "loss_weights": mean or ratios(1.0)}
    )


def part(numbers, start=None, end=None, difference=0.0):
    given = {"numbers": numbers, "end": numbers if end is None else end, "difference": difference}
    return Compared(**given) if start is None else Layer(start=start, **given)


def trained(lstm=None, outputs=None, moved=0.05):
    weights = {"lstm": lstm or part(4480, 4480), "dense": part(264, 264), "dense_1": part(18, 18)}
    return Trained(weights=weights, outputs=outputs or part(512), moved=moved)


FUSED, SEPARATE = glorot_limit(8, 2), glorot_limit(8, 1)


def drawn(fused=FUSED, separate=SEPARATE, count=8192):
    def layer(bound):
        return initial_weights.Layer(count=count, largest=0.999 * bound, spread=bound / np.sqrt(3), share=[0.5, 0.5])

    return Drawn(edges=[-0.8, 0, 0.8], drawn={1: layer(separate), 2: layer(fused)})


def deviations(without=(5e-8, 4e-8), activated=(0.3, 0.05)):
    return Deviations(
        **{
            key: Deviation(product=product, midpoint=midpoint, largest=0.5)
            for key, (product, midpoint) in {"without": without, "activated": activated}.items()
        }
    )


COUNTED = {"first_call": 0.8, "weights": 7, "slots": 16, "trackers": 2, "build": [], "infer": []}
MACHINE = {"cpu": "A processor", "cores": 2, "system": "Linux x86_64", "versions": {"Python": "3.11"}, "load": 0.25}


def timings(*times, control=1.0, rounds=16):
    """Functional takes `times` as long as Sequential, in turn, and the control `control` times."""
    fused = [0.002 if i % 3 else 0.004 for i in range(rounds)]  # a busy machine slows all of a round
    seconds = {
        "sequential": fused,
        "functional": [times[i % len(times)] * each for i, each in enumerate(fused)],
        "functional_fused": [control * each for each in fused],
    }
    styles = {
        key: StyleTimings(**COUNTED, operations=937 if key == "functional" else 700, train=each)
        for key, each in seconds.items()
    }
    point = Point(mode="fit", k=2, styles=styles)
    asked = sweep(DEFAULT)
    return SweepResult(
        experiment=DEFAULT, sweep=asked.sweep, points=[point], machine=MACHINE, measured_at="2026-01-02", seconds=4
    )


def fit(sequences, last, total, *logged, weighted=None):
    names = [f"h{i}" for i in range(len(logged))]
    logged, weighted = (dict(zip(names, each, strict=True)) for each in (logged, weighted or logged))
    return Fit(sequences=sequences, last=last, total=total, logged=logged, weighted=weighted)


FULL, SHORT = fit(512, 32, 2.0, 1.25, 0.75), fit(484, 4, 2.0, 1.0, 0.75, weighted=(1.25, 0.75))


def fits(*both):
    return Fits(fits=both)


OWN = {"combine": "own"}
#: A claim, the settings and the evidence; the kind of the verdict and its answer (by its number, if there is one).
VERDICTS = [
    ("parameters", DEFAULT, counts(), "true", 0),
    ("parameters", DEFAULT, counts(functional=4763), "false", None),  # Subclassing does not need more
    ("parameters", DEFAULT, counts(functional=4763, subclassing=4763), "false", 1),
    ("parameters", DEFAULT, counts(4761), "false", 0),  # not the number of the proposition
    ("fully_connected", DEFAULT, connected(), "true", 0),
    ("fully_connected", DEFAULT, connected(functional={"level": 8, "trend": 7}), "false", None),
    ("fully_connected", MIXED, connected(("functional", "subclassing"), {"level": 8, "spike": 8, "waveform": 24}),
     "true", 0),
    ("same_function", DEFAULT, outputs(3e-8), "true", 1),
    ("same_function", DEFAULT, outputs(1e-5), "false", 2),
    ("same_function", DEFAULT, outputs(1e-5, output=50.0), "true", 1),
    ("same_function", DEFAULT, outputs(NAN), "undecided", None),
    ("shapes", DEFAULT, responses(), "true", 1),
    ("shapes", DEFAULT, responses((32, 2)), "false", 0),
    ("shapes", DEFAULT, responses(error="ValueError: other shape."), "true", 1),
    ("averaged_summed", DEFAULT, losses(), "true", 1),
    *(("averaged_summed", on(**OWN, weights=(ratio / 2, ratio / 2)), losses(yours=ratios(ratio)), kind, option)
      for ratio, kind, option in ((1.001, "true", 2), (0.999, "true", 2), (1 + 1e-9, "false", 0), (2.001, "true", 2),
                                  (2 + 1e-9, "true", 1))),
    ("averaged_summed", on(**OWN, weights=(3.0, 0.0)), losses(yours=ratios(1.4)), "true", 2),
    ("averaged_summed", DEFAULT, losses(ratios(4.0)), "true", 2),
    ("averaged_summed", DEFAULT, losses(ratios(2.0, NAN, unexplained=NAN)), "true", 1),
    ("averaged_summed", on(**OWN, weights=(3.0, 0.0)), losses(ratios(2.0, 2.0), ratios(1.5, NAN)), "true", 2),
    ("averaged_summed", DEFAULT, losses(ratios(NAN)), "undecided", None),
    ("exactly_equal", DEFAULT, trained(), "true", 0),
    ("exactly_equal", DEFAULT, trained(part(4480, 4480, 4479, 1e-8)), "false", 1),
    ("exactly_equal", DEFAULT, trained(part(4480, 0, end=0, difference=0.3)), "false", 2),
    ("exactly_equal", DEFAULT, trained(moved=NAN), "true", 0),
    ("initial_weights", DEFAULT, drawn(), "true", 1),
    ("initial_weights", DEFAULT, drawn(count=40), "undecided", None),
    ("initial_weights", DEFAULT, drawn(fused=SEPARATE), "false", 0),
    ("initial_weights", DEFAULT, drawn(separate=0.5), "false", 2),
    ("activations", DEFAULT, deviations(), "true", 0),
    ("activations", BENT, deviations(), "true", 1),
    ("activations", DEFAULT, deviations(without=(0.01, 0.01)), "false", 1),
    ("activations", DEFAULT, deviations(activated=(0.3, 0.0)), "true", 0),  # the product alone decides
    ("activations", BENT, deviations(activated=(0.3, 0.0)), "undecided", None),
    ("speed", DEFAULT, timings(1.8, 1.9, 2.0, 2.1), "true", 0),
    ("speed", DEFAULT, timings(0.9, 0.98, 1.05, 1.1), "undecided", 1),
    ("speed", DEFAULT, timings(0.5, 0.6), "false", 2),
    ("speed", DEFAULT, timings(1.1, control=1.1), "undecided", 1),
    ("speed", DEFAULT, timings(3.0, rounds=FEWEST_PAIRS - 1), "undecided", 1),
    ("speed", DEFAULT, timings(0.99, 1.0, 1.01, 50.0), "undecided", 1),  # one slow round
    ("history_trap", DEFAULT, fits(FULL, SHORT), "true", 1),
    ("history_trap", DEFAULT, fits(FULL, fit(484, 4, 2.0, 1.25, 0.75)), "false", 0),
    ("history_trap", DEFAULT, fits(fit(512, 32, 2.0, 1.0, 0.75), SHORT), "false", 2),
    ("history_trap", on(combine="mean"), fits(fit(512, 32, 1.0, 1.25, 0.75), fit(484, 4, 1.0, 1.25, 0.75)), "false", 0),
    ("history_trap", DEFAULT, fits(FULL, fit(484, 4, NAN, NAN, 1.0)), "undecided", None),
    ("advisor", DEFAULT, Needs(), "false", 4),
]  # fmt: skip


@pytest.mark.parametrize("case", VERDICTS, ids=lambda case: case[0])
def test_the_evidence_decides(case):
    key, where, evidence, kind, answer = case
    found = CLAIMS[key].judge(where, evidence)
    assert (found.kind, found.answer) == (kind, None if answer is None else CLAIMS[key].options[answer])
    assert is_one_sentence(found.finding), found.finding


#: Where a claim does not apply.
FUSED_ONLY = ("averaged_summed", "exactly_equal", "initial_weights", "optimizers", "same_function", "shapes", "speed")
INAPPLICABLE = [
    *((key, where) for key in FUSED_ONLY for where in (MIXED, HIDDEN)),
    *((key, ONE_HEAD) for key in (*FUSED_ONLY, "history_trap") if key != "exactly_equal"),
    ("activations", NO_DENSE),
    ("activations", HIDDEN),
    ("history_trap", on(batch=1)),
    ("history_trap", on(samples=32, batch=512)),
    ("history_trap", on(**OWN, weights=(0.0, 0.0))),
]


@pytest.mark.parametrize(("key", "where"), INAPPLICABLE)
def test_where_a_claim_does_not_apply_there_is_no_verdict(key, where):
    assert CLAIMS[key].judge(where, None).kind == "not applicable"


def test_pictures_and_tables_have_the_figures_of_the_evidence():
    def found(key, evidence, where=DEFAULT):
        return CLAIMS[key].judge(where, evidence)

    joined, split = found("parameters", counts()).picture.bars
    assert [value for value, _ in split.parts] == [value for value, _ in joined.parts] == [9, 9]
    cut = found("fully_connected", connected(functional={"level": 8, "trend": 7})).picture
    assert [row["connected pairs"] for row in cut.rows] == ["✓ 16 of 16", "✗ 15 of 16", "✓ 16 of 16", "✓ 16 of 16"]
    (functional,) = found("speed", timings(1.8, 2.0)).picture.rows
    assert functional.values == pytest.approx([1.8, 2.0] * 8)
    assert [row["the head losses add up"] for row in found("history_trap", fits(FULL, SHORT)).table] == [
        "✓ yes",
        "✗ no",
    ]


@pytest.mark.parametrize(
    ("evidence", "agree"),
    [
        (losses(), ["✗ no", "✓ yes"]),
        (losses(mean=ratios(1.0, unexplained=0.1)), ["✗ no", "✗ no"]),
        (losses(ratios(2.0, NAN, NAN), mean=ratios(1.0, NAN, NAN)), ["? undecided"] * 2),  # a dead network
    ],
)
def test_losses_and_gradients_decide_about_each_remedy(evidence, agree):
    found = CLAIMS["averaged_summed"].judge(DEFAULT, evidence).table
    assert [row["both agree"] for row in found] == agree


@pytest.mark.parametrize(
    ("train", "batch"), [(1024, 32), (100, 32), (33, 32), (64, 32), (4096, 2), (513, 512), (26, 25)]
)
def test_one_size_is_a_multiple_of_the_batch_and_one_is_not(train, batch):
    short, full = sizes(train, batch)
    assert short % batch == (train % batch or max(1, batch // 8))
    assert full % batch == 0
    assert batch <= min(short, full) <= max(short, full) <= train


@given(st.lists(st.floats(0.2, 5), min_size=1, max_size=16), st.floats(0.2, 5), st.integers(1, 31))
def test_a_verdict_about_time_holds_against_either_of_two_equal_models(times, control, rounds):
    made = timings(*times, control=control, rounds=rounds)
    kind = CLAIMS["speed"].judge(DEFAULT, made).kind
    if kind == "undecided":
        return
    assert rounds >= FEWEST_PAIRS
    for style in ("sequential", "functional_fused"):
        seconds = (made.points[0].styles[key].train for key in ("functional", style))
        middle = sorted(there / here for there, here in zip(*seconds, strict=True))[rounds // 2]
        assert (middle > 1) == (kind == "true")
