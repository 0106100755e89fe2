"""The pictures of the questions: valid figures also of runs that diverged."""

import math
import re

import pytest

from backend.questions.lab import QUESTIONS, scale, trade_offs
from backend.questions.lab.recorded import recorded_evidence
from components.charts import svg
from components.lab import pictures
from components.theme import LOSS_METHOD_COLOURS, method_colour
from tests.builders.colours import contrast


def draws(picture):
    """Asserts that the picture has no number that is none."""
    assert not re.search(r"\b(nan|inf)\b", svg.html(picture))


@pytest.mark.parametrize("settings", QUESTIONS["unstuck"].published, ids=lambda settings: settings.problem)
def test_any_runs_are_drawn(settings):
    evidence = recorded_evidence("unstuck", settings).evidence
    first = evidence.runs[0]
    lost = first.model_copy(update={"paths": (((0.0, 1e9), (math.nan, math.nan)), *first.paths[1:])})
    for plane in pictures.of_unstuck(evidence.model_copy(update={"runs": (*evidence.runs, lost)})):
        draws(plane)


def test_trade_offs_that_became_nan_or_never_arrived_are_drawn():
    lost = trade_offs.End(losses=(math.nan,) * 2, distance=math.nan, weights=(1.0, 0.0))
    few = recorded_evidence("trade_offs", trade_offs.TradeOffSettings()).evidence
    for evidence in (few, few.model_copy(update={"fixed": (lost,), "smooth": ()})):
        for plane in pictures.of_trade_offs(evidence):
            draws(plane)


def test_the_losses_of_two_heads_are_drawn():
    evidence = recorded_evidence("beat", QUESTIONS["beat"].settings()).evidence
    draws(pictures.of_beat(evidence)[0])


@pytest.mark.parametrize("row", range(3))
def test_a_table_of_shares_has_two_rows_for_each_relatedness_and_gates_add_up(row):
    evidence = recorded_evidence("share", QUESTIONS["share"].settings()).evidence
    rows = pictures.of_share(evidence)[1 + row].rows
    assert len(rows) == 2 * len(evidence.settings.levels)
    if "α" not in next(iter(rows[0])):
        for each in rows:
            assert sum(float(cell) for cell in list(each.values())[1:] if cell) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("settings", QUESTIONS["scale"].published, ids=lambda settings: settings.problem)
def test_losses_that_are_all_nan_are_drawn(settings):
    evidence = recorded_evidence("scale", settings).evidence
    lost = tuple(arm.model_copy(update={"losses": ((math.nan,) * 2,) * settings.seeds}) for arm in evidence.arms)
    nothing = scale.picture(evidence.model_copy(update={"arms": lost}))
    draws(nothing)
    assert not any(math.isfinite(value) for row in nothing.rows for value in row.values)


def test_the_colours_of_methods_stand_out_from_both_pages():
    for key in LOSS_METHOD_COLOURS:
        for ground in ("#ffffff", "#0f141b"):
            assert contrast(method_colour(key), ground) >= 3
