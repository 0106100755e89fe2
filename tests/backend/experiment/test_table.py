"""A table of what differs between experiments, and only that."""

from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.table import varying
from tests.builders.strategies import experiments


@given(st.lists(experiments(), min_size=1, max_size=3))
def test_there_is_a_row_exactly_where_results_differ(each):
    assert bool(varying(each)) == (len({one.key() for one in each}) > 1)
    for row in varying(each):
        assert len(row.values) == len(each)
        assert len(set(row.values)) > 1
        assert all(row.values)
