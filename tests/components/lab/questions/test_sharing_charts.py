"""Pictures of question 6: every evidence is drawn, also without an interval."""

import math

import plotly.graph_objects as go
import pytest

from backend.questions.lab.recorded import recorded_evidence
from backend.questions.lab.share import ShareSettings
from components.lab.questions.sharing_charts import PARTS, shares, values
from tests.backend.lab.shared import evidence


@pytest.mark.parametrize("key", PARTS)
def test_a_heat_map_has_two_rows_for_each_relatedness(key):
    found = recorded_evidence("share", ShareSettings()).evidence
    figure = go.Figure(shares(found, key).to_dict())
    (heat,) = figure.data
    assert len(heat.z) == 6
    assert len(heat.x) == len(heat.z[0]) == len(PARTS[key])
    if key != "cross_stitch":
        for row in values(found.of(key, 1.0)):
            assert sum(each for each in row if each is not None) == pytest.approx(1, abs=0.02)


def test_gates_that_are_not_finite_leave_their_cells_empty():
    found = evidence(lambda key, rho: 0.1)
    runs = found.of("cgc", 0.0)
    nothing = runs.model_copy(update={"shares": (((math.nan,) * 2,) * 2, *runs.shares[1:])})
    assert values(nothing) == [[None, None, None], [None, None, None]]
    assert values(runs.model_copy(update={"shares": ()})) == []
