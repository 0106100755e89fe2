"""Pictures of question 6: every evidence is drawn, also without an interval, and what they say is what was measured."""

import math

import plotly.graph_objects as go
import pytest

from backend.lab.questions.share.evidence import Settings
from backend.lab.recorded import recorded_evidence
from components.lab.questions import share
from components.lab.questions.sharing_charts import PARTS, changes, changes_title, shares, values
from tests.backend.lab.shared import evidence, spoiled


def test_a_row_for_each_network_and_relatedness_is_filled_where_the_interval_excludes_zero():
    found = evidence(lambda key, rho: -0.3 if rho == 1 else 0.001, spread=30.0)
    figure = go.Figure(changes(found).to_dict())
    (bars,) = figure.data
    assert len(bars.x) == len(figure.layout.yaxis.ticktext) == 4 * 3
    assert figure.layout.yaxis.ticktext[2] == "Hard sharing, ρ = 1"
    for change, symbol, x in zip(
        [each for key in found.settings.keys[1:] for each in found.changes(key)],
        bars.marker.symbol,
        bars.x,
        strict=True,
    ):
        assert symbol == ("circle" if change.high < 0 or change.low > 0 else "circle-open")
        assert x == change.median


@pytest.mark.parametrize(
    ("change", "said"),
    [(-0.3, "a lower loss"), (0.3, "a higher loss"), (0.0, "no difference shown"), (math.nan, "no verdict")],
)
def test_the_title_of_a_single_relatedness_names_it(change, said):
    found = evidence(lambda key, rho: change).part((), (1.0,))
    assert changes_title(found) == f"Hard sharing: {said} at ρ = 1"
    assert go.Figure(changes(found).to_dict()).layout.meta == changes_title(found)


def test_a_diverged_network_gets_words_in_place_of_a_bar():
    figure = go.Figure(changes(spoiled(evidence(lambda key, rho: -0.2), "cgc", 0.5, math.nan)).to_dict())
    assert len(figure.data[0].x) == 11
    assert [note.text for note in figure.layout.annotations] == ["NaN or infinite"]
    broken = evidence(lambda key, rho: math.nan)
    figure = go.Figure(changes(broken).to_dict())
    assert len(figure.layout.annotations) == 12
    assert changes_title(broken) == "These runs do not show whether hard sharing lowers the loss"


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (-0.2, "Hard sharing clearly lowers the loss at every relatedness"),
        (0.2, "At every measured ρ, hard sharing lowers the median loss by less than 5 %, or not at all"),
    ],
    ids=["at every relatedness", "at none"],
)
def test_the_title_is_the_answer(change, title):
    assert changes_title(evidence(lambda key, rho: change)) == title


@pytest.mark.parametrize("key", PARTS)
def test_a_heat_map_has_two_rows_for_each_relatedness(key):
    found = recorded_evidence("share", Settings()).evidence
    figure = go.Figure(shares(found, key).to_dict())
    (heat,) = figure.data
    assert len(heat.z) == 6
    assert len(heat.x) == len(heat.z[0]) == len(PARTS[key])
    if key != "cross_stitch":
        for row in values(found.of(key, 1.0)):
            assert sum(each for each in row if each is not None) == pytest.approx(1, abs=0.02)


def test_a_head_of_cgc_takes_nothing_of_the_other_heads_own_expert():
    (first, second) = values(recorded_evidence("share", Settings()).evidence.of("cgc", 0.0))
    assert first[2] is None
    assert second[0] is None


def test_gates_that_are_not_finite_leave_their_cells_empty():
    found = evidence(lambda key, rho: 0.1)
    runs = found.of("cgc", 0.0)
    nothing = runs.model_copy(update={"shares": (((math.nan,) * 2,) * 2, *runs.shares[1:])})
    assert values(nothing) == [[None, None, None], [None, None, None]]
    assert values(runs.model_copy(update={"shares": ()})) == []


def test_the_settings_in_a_line_name_the_networks_and_the_relatednesses():
    assert share.summary(Settings(models=("cgc",), relatedness=(1.0, 0.0))) == (
        "separate networks, hard sharing and CGC; ρ = 0 and 1; 256 sequences, noise 0.5, 24 seeds"
    )
