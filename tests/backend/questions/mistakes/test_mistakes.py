"""The mistakes, executed in Keras: each ticked option is what is measured, and each mended script is mended."""

import re

import pytest

from backend.jobs.compression import Compressed
from backend.questions.mistakes import MISTAKES
from backend.questions.mistakes.base import RAISES, MistakeEvidence, Ran, deciding_lines
from tests.backend.questions.mistakes.measured import EVERY as MEASURED
from tests.backend.questions.mistakes.measured import measured
from tests.builders import fresh_python

EVERY = pytest.mark.parametrize("mistake", MISTAKES.values(), ids=list(MISTAKES))
#: What a person sees in the terminal: the exception of a broken script.
ERRORS = {
    "one_loss": "ValueError: `loss_weights` must match the number of losses, got 1 losses and 2 weights.",
    "class_weight": "ValueError: `class_weight` is only supported for Models with a single output.",
    "one_array": "KeyError: \"The path: (0,) in the `loss` argument, can't be found",
    "metric_by_name": "ValueError: tuple arity mismatch; expected: 2, got: 1; tuple: ('mae',).",
    "custom_loss": "TypeError: Could not locate function 'tenfold'.",
    "list_of_targets": "ValueError: y_true and y_pred have different structures.",
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
    assert all([mistake.title, mistake.symptom, mistake.why, mistake.remedy])
    assert mistake.broken != mistake.mended
    for source in (mistake.broken, mistake.mended):
        compile(source, mistake.key, "exec")
        assert "keras.utils.set_random_seed(0)" in source
        assert len(source.splitlines()) <= 40
        assert max(map(len, source.splitlines())) <= 80, "it fits into a column of a page"


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MEASURED)
def test_keras_gives_the_ticked_option_and_the_mended_script_is_mended(mistake):
    evidence = measured(mistake)
    found = mistake.verdict(evidence)
    assert (found.answer, found.happens, found.mended, found.why) == (mistake.ticked, True, True, mistake.why)
    assert evidence.mended.output
    assert Compressed.of(evidence).open() == evidence
    error = ERRORS.get(mistake.key, "")
    assert error in evidence.broken.error
    assert evidence.broken.output.endswith(evidence.broken.error)
    assert bool(evidence.broken.error) == bool(error) == (mistake.ticked == RAISES)


@pytest.mark.slow
def test_golden_numbers():
    summary = measured(MISTAKES["summary"])
    assert "Total params: 14,288 " in summary.broken.printed
    assert "Trainable params: 4,762 " in summary.broken.printed
    assert "Optimizer params: 9,526 " in summary.broken.printed
    assert summary.mended.printed == "4,762 parameters\n"
    history = measured(MISTAKES["history"])
    assert "\nloss: 7.247\n" in f"\n{history.broken.printed}"
    assert history.broken.printed.endswith("sum of the head losses: 6.031\n")
    assert "layers with NaN weights: ['trunk', 'trend', 'level']" in measured(MISTAKES["nan_labels"]).broken.printed


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
        printed = _plain(source, bool(ran.error))
        if ran.error:
            assert ran.error.removesuffix("…") in printed  # a long one is cut
            continue
        assert _NUMBER.sub("", printed) == _NUMBER.sub("", ran.printed)
        theirs, ours = ([float(n.replace(",", "")) for n in _NUMBER.findall(text)] for text in (printed, ran.printed))
        assert theirs == pytest.approx(ours, rel=0.05)


@EVERY
def test_a_keras_without_the_mistake_gives_another_option(mistake):
    other = next(option for option in mistake.options if option != mistake.ticked)
    ran = Ran(error="ValueError: no") if other == RAISES else Ran(answer=other)
    found = mistake.verdict(MistakeEvidence(broken=ran, mended=Ran(answer=mistake.ticked)))
    assert (found.answer, found.happens, found.mended) == (other, False, False)


@EVERY
def test_a_script_that_shows_no_option_is_not_mended_and_its_error_is_named(mistake):
    found = mistake.verdict(MistakeEvidence(broken=Ran(error="TypeError: unexpected argument"), mended=Ran()))
    assert found.answer == (RAISES if RAISES in mistake.options else None)
    assert found.happens == (mistake.ticked == RAISES)
    assert "`TypeError`" in found.finding
    assert not found.mended
