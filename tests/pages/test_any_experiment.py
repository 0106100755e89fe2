"""No link, preset or view makes a page fail: whatever a visitor brings, there is a page and no traceback."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment.presets import PRESETS, THREAD
from backend.experiment.url import PARAMETERS, write_query
from backend.services import services
from tests.builders.own_tables import WORDS, hostile_table, real_table
from tests.builders.pages import visit
from tests.builders.strategies import experiments

PAGES = {
    "compare.py": "The same network?",
    "train.py": "Which one trains better?",
    "claims.py": "Which of the thread's claims are true?",
    "speed.py": "Is one layer for all heads faster?",
    "topologies.py": "What can Sequential not express?",
    "lab.py": "Do the heads pull together?",
    "own.py": "Can your heads be one layer?",
    "learn.py": "Can you predict what Keras does?",
}
#: These show no experiment.
APART = ("topologies.py", "lab.py", "own.py", "learn.py")
pytestmark = pytest.mark.slow


def open_page(script, **query):
    at = visit(script, **query)
    assert at.title[0].value == PAGES[script]
    return at


few = settings(max_examples=3)
keys = st.sampled_from([*PARAMETERS, "head", "lucky"])


@pytest.fixture(autouse=True)
def _server(serve):
    """A server without workers: they would build and trace every network."""
    serve()


def presets():
    """Each preset on the first of the pages that show an experiment, and each page with the thread's network.

    `make soak` has each preset on each of these pages.
    """
    for script in PAGES:
        for name in [THREAD] if script in APART else PRESETS:
            typical = name == THREAD or script == "compare.py"
            yield pytest.param(script, name, marks=[] if typical else [pytest.mark.soak])


@pytest.mark.parametrize(("script", "name"), presets())
def test_every_preset_is_drawn(script, name):
    at = open_page(script, **write_query(PRESETS[name]))
    if script not in APART:
        assert at.selectbox(key="preset").value == name
    assert not at.warning


@pytest.mark.parametrize("script", PAGES)
def test_any_valid_experiment_is_drawn(script):
    @few
    @given(experiments())
    def drawn(experiment):
        at = open_page(script, **write_query(experiment))
        assert not [warning.value for warning in at.warning if not _takes_too_long(warning.value)]

    drawn()


def _takes_too_long(words):
    """A large experiment may not end in time here. Train says so before it starts."""
    return words.startswith("This is expected to take") and "this server stops a job after" in words


@pytest.mark.parametrize("script", PAGES)
def test_a_table_of_ones_own_is_drawn_and_its_names_are_only_text(script):
    table, real = hostile_table(), real_table()
    for each in (table, real):
        services().own_tables.keep(each)
    heads = ["a.number_1", "b.yes_2", "c.class_3.3", "d.number_5"]
    words = {"csv": real.id, "head": ["a.class_2.3", "b.yes_4"]}
    for query in ({"csv": table.id}, {"csv": f"{table.id}.1-5.3", "head": heads, "left": "functional"}, words):
        at = open_page(script, **query)
        assert not at.warning or script in ("train.py", "claims.py")
        shown = [each.value for each in [*at.markdown, *at.caption, *at.warning, *at.subheader, *at.header]]
        assert not [each for each in shown if any(name in each for name in (*table.names[1:], *WORDS) if len(name) > 3)]


@pytest.mark.parametrize("script", PAGES)
def test_any_query_is_answered_with_a_page(script):
    @few
    @given(st.dictionaries(keys, st.lists(st.text(max_size=40), min_size=1, max_size=3), max_size=6))
    def answered(query):
        open_page(script, **query)

    answered()
