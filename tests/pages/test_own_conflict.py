"""Whether the heads of the experiment conflict, on Own model: measured, what is shown of a result, and the link."""

from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment.url import read_query
from backend.jobs.messages import Progress
from backend.questions.gradients.job import GradientsJob
from backend.services import services
from components.session.visitor import COOKIE
from tests.backend.lab.measured import gradients, measurement
from tests.builders.measured_gradients import SMALL, finish
from tests.builders.pages import button, drawn, replay, until

SHELL = Path(__file__).parents[2] / "pages" / "navigation.py"
TITLE = "Can your heads be one layer?"
THREE = {**SMALL, "head": ["one.level", "two.last.....*last*", "three.trend"]}
ADA = "a" * 32


@pytest.fixture
def server(serve):
    """A server without workers; a test acts as the worker."""
    return serve()


def visit(**query):
    at = AppTest.from_file(str(SHELL))
    at.session_state[COOKIE] = ADA
    for key, value in query.items():
        at.query_params[key] = value
    at.run().switch_page("own.py").run()
    assert not at.exception
    return at


def texts(at):
    assert not at.exception
    return [each.value for each in [*at.main.subheader, *at.main.markdown, *at.main.caption]]


def to_compass(at):
    """The link to the compass: its label and its query; None without one."""
    links = [each.proto for each in at.main.get("page_link") if "in the compass" in each.proto.label]
    return (links[0].label, parse_qs(links[0].query_string)) if links else None


RESULT = gradients(
    measurement([[1.0, 0.0], [0.5, 1.0]], 0, 2),
    measurement([[1.0, 0.0], [-300.0, 300.0]], 2, 6),
    heads=["level", "trend"],
)  # fmt: skip


def test_a_visitor_measures_their_own_heads_and_sends_a_pair_to_the_compass(page):
    at = page("own.py", TITLE, **THREE)
    assert any("The experiment" in text and r"\*last\*" in text for text in texts(at))
    replay(0)  # what ends while the page is not drawn is not read aloud
    button(at, "Measure my heads").click().run()
    assert button(at, "Measure my heads").disabled
    replay(None)
    until(at, to_compass)
    assert {each["text"] for each in drawn(at, "announce")} & {each.value for each in at.subheader}, "read aloud"
    (table,) = [each.value for each in at.table if "cosine" in each.value.columns]
    assert list(table.index) == ["one, \\*last\\* \\(two\\)", "one, three", "\\*last\\* \\(two\\), three"]
    assert all("of 2 (" in cell for cell in table["batches in conflict"])
    at.select_slider(key="own.measured").set_value(0).run()
    assert at.query_params["measured"] == "0"
    at.selectbox(key="own.pair").set_value((0, 2)).run()
    assert at.query_params["pair"] == "one,three"
    (table,) = [each.value for each in at.table if "cosine" in each.value.columns]
    label, query = to_compass(at)
    assert label.endswith("A is one, B is three")
    assert float(query["angle"][0]) == pytest.approx(float(table["angle (°)"]["one, three"]), rel=5e-3)
    assert query["timesteps"] == ["3"], "the compass keeps the experiment"


@pytest.mark.slow
def test_the_answer_and_the_clamped_compass(server):
    finish(server, RESULT, **SMALL)
    at = visit(**SMALL)
    said = texts(at)
    assert "Your heads conflict in 8 of 16 batches (50%)." in said
    assert any("it uses 100 in its place" in text for text in said)
    _, query = to_compass(at)
    assert (query["angle"], query["ratio"]) == (["135"], ["100"])


def test_the_link_has_the_epoch_and_the_pair_and_bad_values_get_a_sentence(server):
    finish(server, RESULT, **SMALL)
    at = visit(**SMALL, measured="0", pair="level,trend")
    assert at.select_slider(key="own.measured").value == 0
    assert "**At the start, pair by pair**" in texts(at)
    assert not at.warning
    at = visit(**SMALL, measured="1000", pair="level")
    assert [key for key in ("measured", "pair") if key in at.query_params] == []
    warned = " ".join(each.value for each in at.warning)
    assert "it takes a whole number of at most 3 digits" in warned
    assert "it takes the names of two heads\\, separated by a comma" in warned
    at = visit(**SMALL, measured="1", pair="level,nobody")
    assert at.select_slider(key="own.measured").value == 0, "the nearest one"
    assert "level, trend" in " ".join(str(each.value.index[0]) for each in at.table if "cosine" in each.value.columns)


def test_one_head_and_too_many_get_a_sentence_and_no_button(server):
    for heads, told in ((["level"], "one head"), ([f"h{n}.level" for n in range(17)], "takes at most 16")):
        at = visit(**SMALL, head=heads)
        assert any(told in each.value for each in at.info)
        assert not any(each.label == "Measure my heads" for each in at.button)


def test_undefined_gradients_are_told_and_not_sent_to_the_compass(server):
    finish(server, gradients(measurement([[0.0], [0.0]], comparable=0), stopped="The loss became NaN."), **SMALL)
    at = visit(**SMALL)
    assert "This measurement cannot tell." in texts(at)
    assert any("The training ended early. The loss became NaN." in text for text in texts(at))
    assert not to_compass(at)
    (table,) = [each.value for each in at.table if "cosine" in each.value.columns]
    assert list(table.iloc[0])[:2] == ["not defined", "not defined"]
    assert table.iloc[0]["batches in conflict"] == "none to compare"


def test_a_measurement_tells_how_far_it_is_and_can_be_cancelled(server):
    at = visit(**SMALL)
    button(at, "Measure my heads").click().run()
    job = services().shared.find(GradientsJob.on(read_query({key: [value] for key, value in SMALL.items()})[0]), ADA)
    while server.jobs.registry.take(1) is not job:  # the page before has requested others
        pass
    server.jobs.registry.report(job.id, Progress(share=0.5))
    at.run()
    assert any("Measuring my heads 50 %" in str(each.proto) for each in at.get("page_link"))
    button(at, "Cancel").click().run()
    assert job.view().cancelling or job.state == "cancelled"


def test_of_many_pairs_the_charts_have_those_that_conflict_most(server):
    heads = [f"h{n}.level" for n in range(5)]
    rows = [[float(i == j) + 0.3 * (-1) ** (i + j) for j in range(5)] for i in range(5)]
    found = gradients(measurement(rows), measurement(rows, 2), heads=[f"h{n}" for n in range(5)])
    finish(server, found, **SMALL, head=heads)
    said = texts(visit(**SMALL, head=heads))
    assert len([text for text in said if "of the 6 pairs that conflict most often" in text]) == 2
