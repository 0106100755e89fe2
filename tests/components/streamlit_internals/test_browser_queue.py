"""A fragment's run that begins when the page's run ends drops none of the page's elements."""

from pathlib import Path

import pytest

from tests.builders.serving import connected, serving

PAGE = Path(__file__).with_name("redrawn_fragment.py")
WHOLE = [(0, 0), (0, 1), (0, 1, 0), (0, 2)]


@pytest.mark.slow
def test_the_browser_gets_the_whole_page_although_a_fragments_run_begins_at_once(tmp_path):
    with serving(tmp_path / "log", PAGE) as address, connected(address) as session:
        fragments = set()

        def drawn(until="script_finished", text=None):
            """The places of the elements that arrive, up to a message of that kind (with that text)."""
            places = []
            while True:
                message = session.receive()
                if message.WhichOneof("type") == "delta":
                    places.append(tuple(message.metadata.delta_path))
                    fragments.add(message.delta.fragment_id)
                if message.WhichOneof("type") == until and text in (None, message.delta.new_element.text.body):
                    return places

        session.request()
        assert drawn() == WHOLE
        (fragment,) = fragments - {""}
        for run in range(2, 17):  # it is a race
            session.request()
            begun = drawn("delta", f"run {run}")
            session.request(fragment)
            assert begun + drawn() == WHOLE
            assert drawn() == [(0, 1), (0, 1, 0)]
