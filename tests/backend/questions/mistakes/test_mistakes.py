"""The mistakes, executed in Keras: each ticked option is what is measured, and each mended script is mended."""

import math
import re

import pytest

from backend.jobs.compression import Compressed
from backend.questions.mistakes import MISTAKES
from backend.questions.mistakes.base import RAISES, WIDEST, Evidence, Raised, Ran, deciding_lines
from tests.backend.questions.mistakes.measured import EVERY as MEASURED
from tests.backend.questions.mistakes.measured import measured
from tests.builders import fresh_python

EVERY = pytest.mark.parametrize("mistake", MISTAKES.values(), ids=list(MISTAKES))
#: What a person sees in the terminal: the exception of a broken script.
ERRORS = {
    "one_loss": ("ValueError", "`loss_weights` must match the number of losses, got 1 losses and 2 weights."),
    "class_weight": ("ValueError", "`class_weight` is only supported for Models with a single output."),
    "one_array": ("KeyError", "The path: (0,) in the `loss` argument, can't be found"),
    "metric_by_name": ("ValueError", "tuple arity mismatch; expected: 2, got: 1; tuple: ('mae',)."),
    "custom_loss": ("TypeError", "Could not locate function 'tenfold'."),
    "list_of_targets": ("ValueError", "y_true and y_pred have different structures."),
}
_NUMBER = re.compile(r"[-+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")


@EVERY
def test_a_board_shows_every_line_of_a_script_that_differs_and_few_others(mistake):
    for script, other in ((mistake.broken, mistake.mended), (mistake.mended, mistake.broken)):
        shown = deciding_lines(script, other).splitlines()
        lines = script.splitlines()
        assert {line for line in lines if line not in other.splitlines()} <= {*shown} | {""}
        assert all(line == "…" or line in lines for line in shown)
        assert len(shown) <= 10
        assert shown.count("…") <= 3


@EVERY
def test_a_mistake_has_a_few_distinct_options_and_two_scripts_that_compile(mistake):
    assert 3 <= len(set(mistake.options)) == len(mistake.options) <= 4
    assert mistake.ticked in mistake.options
    beliefs = dict(zip(mistake.options, mistake.misconceptions, strict=True))
    assert beliefs.pop(mistake.ticked) == ""
    assert all(beliefs.values()), "each wrong option says what somebody believes who chooses it"
    assert len(set(beliefs.values())) == len(beliefs)
    assert mistake.broken != mistake.mended
    for source in (mistake.broken, mistake.mended):
        compile(source, mistake.key, "exec")
        assert "keras.utils.set_random_seed(0)" in source
        assert len(source.splitlines()) <= 40
        assert max(map(len, source.splitlines())) <= WIDEST


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MEASURED)
def test_keras_gives_the_ticked_option_and_the_mended_script_is_mended(mistake):
    evidence = measured(mistake)
    found = mistake.judge(evidence)
    assert found.answer == mistake.ticked
    assert found.happens
    assert found.mended
    assert found.why == mistake.why
    assert evidence.mended.output
    travelled = Compressed.of(evidence).open()
    assert repr(travelled) == repr(evidence), "NaN included"
    error = evidence.broken.raised
    if mistake.key in ERRORS:
        kind, message = ERRORS[mistake.key]
        assert (error.type, mistake.ticked) == (kind, RAISES)
        assert message in error.message
        assert evidence.broken.output.endswith(f"{kind}: {error.message}")
    else:
        assert error is None


@pytest.mark.slow
def test_golden_numbers():
    summary = measured(MISTAKES["summary"])
    assert "Total params: 14,288 " in summary.broken.printed
    assert "Trainable params: 4,762 " in summary.broken.printed
    assert "Optimizer params: 9,526 " in summary.broken.printed
    assert summary.mended.printed == "4,762 parameters\n"

    history = measured(MISTAKES["history"])
    broken, mended = history.broken.values, history.mended.values
    assert broken.last() == pytest.approx(7.247, rel=1e-3)
    assert broken.last("trend_loss") + broken.last("level_loss") == pytest.approx(6.031, rel=1e-3)
    assert mended.last() == pytest.approx(mended.last("trend_loss") + mended.last("level_loss"), rel=1e-6)

    alphabet = measured(MISTAKES["weights_by_name"])
    assert alphabet.broken.values.last() == pytest.approx(alphabet.broken.values.last("level_loss"), rel=1e-6)
    assert alphabet.mended.values.last() == pytest.approx(alphabet.mended.values.last("trend_loss"), rel=1e-6)

    nan = measured(MISTAKES["nan_labels"])
    assert nan.broken.values.nan_layers == ("trunk", "trend", "level")
    assert all(math.isnan(value) for values in nan.broken.values.history.values() for value in values)
    assert nan.mended.values.nan_layers == ()

    traced = measured(MISTAKES["changing_weight"])
    assert traced.broken.values.second > 1
    assert traced.broken.values.calls[0] == traced.broken.values.calls[1], "the second fit calls no Python"
    assert traced.mended.values.second == 0

    weighted = measured(MISTAKES["class_weight"]).mended.values
    assert weighted.last("rises_loss") == pytest.approx(weighted.weighted, rel=1e-4)
    assert weighted.weighted > 2 * weighted.plain

    units = measured(MISTAKES["loss_units"]).broken.values
    assert units.last() / units.last("m_loss") == pytest.approx(101, rel=1e-4)


def _plain(source, raises):
    """What a script prints in a plain interpreter with Keras and NumPy."""
    if not raises:
        return fresh_python.printed(source)
    with pytest.raises(AssertionError) as failed:
        fresh_python.printed(source)
    return str(failed.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    "key",
    [pytest.param(key, marks=() if key == "weights_by_name" else pytest.mark.soak) for key in MISTAKES],
)
def test_a_plain_interpreter_prints_what_the_page_shows(key):
    mistake, evidence = MISTAKES[key], measured(MISTAKES[key])
    for source, ran in ((mistake.broken, evidence.broken), (mistake.mended, evidence.mended)):
        printed = _plain(source, ran.raised is not None)
        if ran.raised is not None:
            assert f"{ran.raised.type}: {ran.raised.message.removesuffix('…')}" in printed  # a long one is cut
            continue
        assert _NUMBER.sub("", printed) == _NUMBER.sub("", ran.printed)
        theirs, ours = ([float(n.replace(",", "")) for n in _NUMBER.findall(text)] for text in (printed, ran.printed))
        assert theirs == pytest.approx(ours, rel=0.05)


def ran(mistake, printed="", **values):
    return Ran(printed, values=mistake.evidence(**values))


def losses(**values):
    return {"history": {name: (value,) for name, value in values.items()}}


#: Evidence of a Keras without the mistake, and the option that it gives.
FIXED = {
    "weights_by_name": (losses(loss=3.2, trend_loss=3.2, level_loss=4.6), "Keras minimizes the loss of `trend`"),
    "one_loss": (
        losses(loss=1.75, trend_loss=2, level_loss=1),
        "Keras uses `mse` for both heads and applies the weights",
    ),
    "one_column": (
        {"loss": 1e-4, "own": (1e-4, 2e-4), "trend_in_second": 2.3},
        "The first column learns `trend`, and the second learns `level`",
    ),
    "history": (losses(loss=3, trend_loss=2, level_loss=1), "Yes: the total is the sum of the head losses"),
    "nan_labels": (
        losses(loss=3, trend_loss=2, level_loss=1) | {"nan_layers": ()},
        "The missing labels have no effect, and both heads learn",
    ),
    "class_weight": (
        losses(loss=3, rises_loss=2, level_loss=1) | {"plain": 0.5, "weighted": 2.0},
        "Keras weights the classes of `rises` and leaves `level` as it is",
    ),
    "one_array": ({"own": (1e-5, 1e-5)}, "Each head learns its own column"),
    "summary": ({"weights": 4762, "optimizer": 9526}, "The parameters of the network"),
    "clone": ({"trained": 0.5, "cloned": 0.5, "shared": False}, "A copy of the trained weights"),
    "metric_by_name": (
        losses(loss=3, level_loss=1, level_mae=1),
        "The error of `level` alone, because `level` is the last output",
    ),
    "sample_weight": (
        losses(loss=3, trend_loss=2) | {"plain": 2.0, "weighted": 0.5},
        "To the last head alone, `level`",
    ),
    "frozen_trunk": ({"moved": 0.0}, "No: a frozen layer keeps its weights"),
    "frozen_norm": ({"trainable": ("trend",), "changed": 0.0}, "No: all that `level` depends on is frozen"),
    "custom_loss": ({"saved": 2.0, "loaded": 2.0}, "The model with both losses: the file holds the function"),
    "head_rate": ({"trend_moved": 0.001, "level_moved": 0.01}, "About ten times as far as that of `trend`"),
    "lost_mask": ({"last": 0.0, "average": 1e-7}, "Neither: `Masking` hides the padding from all layers behind it"),
    "loss_units": (losses(loss=2, m_loss=1), "About as large as that of `m`"),
    "shared_softmax": ({"both": (0.97, 0.96)}, "Near 1 for both"),
    "early_stopping": (
        {"level_losses": (3.0, 1.0, 2.0, 2.1, 2.2), "allowed": 9},
        "After `level` has stopped improving",
    ),
    "list_of_targets": ({"own": (1e-5, 1e-5)}, "The first column learns `trend`, and the second learns `level`"),
    "changing_weight": (
        {"first": 3.5, "second": 0.0, "calls": (8, 16)},
        "The new weight, 0, because each step calls the Python function",
    ),
}
PRINTED = {"summary": " Total params: 4,762 (18.60 KB)\n"}


@EVERY
def test_a_keras_without_the_mistake_gives_another_option_and_the_verdict_says_so(mistake):
    values, option = FIXED[mistake.key]
    good = ran(mistake, PRINTED.get(mistake.key, ""), **values)
    found = mistake.judge(Evidence(good, good))
    assert found.answer == option != mistake.ticked
    assert not found.happens
    assert found.mended


@EVERY
def test_a_script_that_raises_unexpectedly_is_not_mended_and_its_error_is_named(mistake):
    failed = Ran("", raised=Raised("TypeError", "unexpected argument"))
    found = mistake.judge(Evidence(failed, failed))
    assert found.answer == (RAISES if RAISES in mistake.options else None)
    assert found.happens == (mistake.ticked == RAISES)
    assert "`TypeError`" in found.finding
    assert not found.mended
