"""Speed, by AppTest through the shell."""

from functools import partial

import pytest

from backend.questions.speed.findings import answer, answered
from backend.questions.speed.job import PointEvent, SweepPhase
from backend.questions.speed.result import recorded
from backend.questions.speed.sweep import DEFAULT_HEADS
from tests.backend.questions.speed.points import point
from tests.builders import pages as helpers
from tests.builders.pages import ADA, button, click, says


@pytest.fixture(autouse=True)
def server(serve):
    """A server without workers; a test acts as the worker."""
    return serve()


visit = partial(helpers.visit, "speed.py")


def pills(at, key):
    return next(group for group in at.button_group if group.key == f"speed.{key}")


@pytest.mark.slow
def test_the_recorded_result_is_judged_at_each_number_of_heads():
    at = visit()
    assert says(at, f"**Recorded** on {recorded().measured_at[:10]} on {recorded().machine.name}")
    fit = [point for point in recorded().points if point.mode == "fit" and point.k in DEFAULT_HEADS]
    assert measured(at) == list(DEFAULT_HEADS)
    assert says(at, answer(answered(fit, "fit", 2))[1])
    assert button(at, "Cancel").disabled
    assert at.get("download_button")


@pytest.mark.parametrize(("chosen", "shown"), [("1,2,8,32", 4), ("64", 1), ("2,3", 1), ("3", 7)])
def test_the_page_shows_what_is_chosen_of_the_recorded_result(chosen, shown):
    """Three heads were not recorded. Alone they show all that was."""
    at = visit(k=chosen, modes="fit")
    assert len(measured(at)) == shown
    assert says(at, "Press Start to measure them") == ("3" in chosen.split(","))


@pytest.mark.slow
def test_the_link_has_the_sweep_and_navigation_keeps_it():
    at = visit(k="3,1", modes="xla")
    assert pills(at, "k").value == [1, 3]
    assert pills(at, "modes").value == ["xla"]
    at.switch_page("train.py").run()
    at.switch_page("speed.py").run()
    assert pills(at, "k").value == [1, 3]
    assert at.query_params["k"] == "1,3"


def measured(at):
    """The numbers of heads in the table, which is drawn if it is open."""
    if not at.table:
        at.session_state["speed.why"] = True
        at.run()
    return list(dict.fromkeys(int(heads) for heads, _ in at.table[0].value.index))


@pytest.mark.slow
def test_the_points_so_far_take_the_place_of_the_recorded_ones_and_stay_after_a_reload_and_a_cancel(server):
    link = {"k": "1,2,4", "modes": "fit"}
    at = visit(visitor=ADA, **link)
    click(at, "Start")
    job = server.jobs.registry.take(1)
    server.jobs.registry.report(job.id, SweepPhase(mode="fit", k=1, doing="Timing"))
    at.run()
    assert at.get("progress")
    assert says(at, "**Recorded**"), "nothing is measured yet"

    for count, k in enumerate((1, 2), 1):
        server.jobs.registry.report(job.id, PointEvent(data=point(k)))
        for page in (at.run(), visit(visitor=ADA, **link)):
            assert says(page, "**Measured here**")
            assert not says(page, "**Recorded**")
            assert len(measured(page)) == count
    click(at, "Cancel")
    server.jobs.registry.end(job, "cancelled")
    at.run()
    assert len(measured(at)) == 2
    assert not button(at, "Start").disabled
