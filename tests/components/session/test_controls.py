"""Widgets show what the session has, and the earlier value of a browser that has not drawn a change is no entry."""

from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from backend.experiment.presets import THREAD
from tests.builders.serving import connected, serving

PAGE = Path(__file__).with_name("presets_page.py")


class Browser:
    """A browser that draws nothing by itself: each request has the query and the widgets' values that a test gives."""

    def __init__(self, session):
        self.session, self.ids, self.query, self.epochs = session, {}, "", ""

    def request(self, fragment=False, query=None, **values):
        """What the settings are after the request: learning rate and timesteps. Each value is that of a widget."""
        self.session.request(
            self.ids["fragment"] if fragment else "",
            self.query if query is None else query,
            [self._state(key, value) for key, value in values.items()],
        )
        text = None
        while True:
            message = self.session.receive()
            kind = message.WhichOneof("type")
            element = message.delta.new_element
            if kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "script_finished":
                return text
            elif element.HasField("text"):
                text, self.ids["fragment"] = element.text.body, message.delta.fragment_id
            elif element.HasField("markdown"):
                self.epochs = element.markdown.body
            elif element.HasField("selectbox"):
                self.ids["preset"] = element.selectbox.id
            elif element.HasField("number_input"):
                self.ids[element.number_input.label.lower().split()[-1]] = element.number_input.id

    def _state(self, key, value):
        if key == "preset":
            return WidgetState(id=self.ids[key], **({} if value is None else {"string_value": value}))
        return WidgetState(id=self.ids[key], **{"double_value" if key == "rate" else "int_value": value})


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("presets") / "log", PAGE) as address:
        yield address


@pytest.fixture
def browser(address):
    with connected(address) as session:
        browser = Browser(session)
        assert browser.request() == "0.003 10"
        yield browser


#: A browser that has not drawn a change sends the old query, or the new one: it has the new URL first.
BEFORE_AND_AFTER_THE_URL = pytest.mark.parametrize("query", ["", None], ids=["before the URL is written", "after it"])


@pytest.mark.slow
@BEFORE_AND_AFTER_THE_URL
def test_a_fragments_request_before_the_change_is_drawn_keeps_the_entry(browser, query):
    """The menu of presets shows no preset after the entry, and the browser has not drawn that yet."""
    entered = {"rate": 0.01, "timesteps": 10}
    assert browser.request(preset=THREAD, **entered) == "0.01 10"
    for _ in range(2):
        assert browser.request(fragment=True, query=query, preset=THREAD, **entered) == "0.01 10"
    assert browser.request(preset=None, **entered) == "0.01 10", "now the menu is drawn"


@pytest.mark.slow
def test_an_entry_counts_if_the_timer_of_a_fragment_sends_it_first(browser):
    """Streamlit sends an entry in a timeout of 0 ms after it, and a timer may fire in between."""
    entered = {"preset": THREAD, "rate": 0.01, "timesteps": 12}
    assert browser.request(fragment=True, **entered) == "0.003 10", "the request is not that of the entry"
    assert browser.request(**entered) == "0.01 12"


@pytest.mark.slow
def test_fields_that_a_preset_changed_keep_its_values(browser):
    assert browser.request(preset=THREAD, rate=0.01, timesteps=20) == "0.01 20"
    earlier = {"rate": 0.01, "timesteps": 20}
    before = browser.query
    assert browser.request(preset=None, **earlier) == "0.01 20"
    assert browser.request(preset=THREAD, **earlier) == "0.003 10", "the visitor picks the preset again"
    assert browser.request(fragment=True, query=before, preset=THREAD, **earlier) == "0.003 10"
    assert browser.request(query=before, preset=THREAD, rate=0.01, timesteps=30) == "0.003 30", "only the last entry"
    assert browser.request(preset=None, rate=0.003, timesteps=30) == "0.003 30"
    assert browser.request(preset=None, rate=0.01, timesteps=30) == "0.01 30", "the earlier value, entered again"
