"""The stepper goes one part ahead with each press that leads on, and names the part that the room is in."""

import pytest

from backend.rooms.machine import BEATS, Shape, State, act, next_action
from components.rooms.stepper import place

ONCE = ["Answers", "Frozen", "Votes", "Measured", "Verdict"]
TWICE = ["Answers", "Frozen", "Discussion", "Second answers", "Frozen", "Votes", "Measured", "Verdict"]


@pytest.mark.parametrize("why", [True, False])
@pytest.mark.parametrize(("rounds", "names"), [(1, ONCE), (2, TWICE)])
def test_each_press_that_leads_on_goes_one_part_ahead(rounds, names, why):
    shape = Shape((rounds,), (why,), (BEATS,))
    state = act(State(), "begin", shape)
    seen = []
    while state.phase != "end":
        at, parts = place(state, shape)
        assert at == len(seen)
        seen.append(parts[at])
        state = act(state, next_action(state, shape), shape)
    assert seen == parts == [*names, *(["Why"] if why else [])]
