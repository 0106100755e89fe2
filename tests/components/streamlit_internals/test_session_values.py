"""A widget reads its own value in the session and no other."""

import pytest
from streamlit.runtime.state import SafeSessionState, SessionState

from components.streamlit_internals import session_values


class Counted(SessionState):
    """A session that counts how often a value is read."""

    reads = 0

    def __getitem__(self, key):
        self.reads += 1
        return super().__getitem__(key)


@pytest.fixture
def session():
    session = Counted()
    for i in range(50):
        session[f"setting {i}"] = i
    session["empty"] = None
    return session


def test_a_widget_looks_up_only_its_own_value_in_the_session(session):
    session_values.install()
    values = SafeSessionState(session, lambda: None).filtered_state
    assert "empty" in values
    assert values["empty"] is None
    assert "nothing" not in values
    assert session.reads == 3
