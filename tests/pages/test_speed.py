"""Speed, by AppTest through the shell."""

from functools import partial

import pytest

from backend.speed.findings import answer, verdict
from backend.speed.job import PointEvent, SweepPhase
from backend.speed.ratios import ratio
from backend.speed.result import recorded
from backend.speed.sweep import DEFAULT_HEADS, MODES
from tests.backend.speed.points import point
from tests.builders import pages as helpers
from tests.builders.pages import ADA, button


@pytest.fixture(autouse=True)
def server(serve):
    """A server without workers; a test acts as the worker."""
    return serve()


visit = partial(helpers.visit, "speed.py")


def pills(at, key):
    return next(group for group in at.button_group if group.key == f"speed.{key}")


def said(at, words):
    texts = [*at.caption, *at.markdown, *at.info, *at.warning]
    return any(words in element.value for element in texts)


@pytest.mark.slow
def test_the_recorded_result_is_judged_at_each_number_of_heads():
    at = visit()
    assert [title.value for title in at.title] == ["Is one layer for all heads faster?"]
    assert said(at, f"**Recorded** on {recorded().measured_at[:10]} on {recorded().machine.name}")
    fit = [point for point in recorded().points if point.mode == "fit" and point.k in DEFAULT_HEADS]
    badges = [element.value for element in at.markdown if "-badge[" in element.value]
    words = {"true": "faster", "false": "slower", "within noise": "within noise"}
    assert [badge.split("[**")[1].split("**")[0] for badge in badges] == [words[verdict(ratio(point))] for point in fit]
    assert at.main.header[0].value == answer(fit, "fit")[0]
    assert said(at, answer(fit, "fit")[1])
    assert said(at, "operations with one layer per head and")
    assert button(at, "Cancel").disabled
    assert at.get("download_button")
    assert said(at, "1, 2, 8 and 32 heads in model.fit and steps_per_execution: about")


@pytest.mark.parametrize(("chosen", "shown"), [("1,2,8,32", 4), ("64", 1), ("2,3", 1), ("3", 7)])
def test_the_page_shows_what_is_chosen_of_the_recorded_result(chosen, shown):
    """Three heads were not recorded. Alone they show all that was."""
    at = visit(k=chosen, modes="fit")
    assert len(badges(at)) == shown
    assert said(at, "Press Start to measure them") == ("3" in chosen.split(","))


def test_the_page_says_that_the_timed_heads_are_synthetic_if_those_of_the_visitor_are_not():
    assert not said(visit(), "synthetic")
    assert said(visit(data="weather"), "The timed heads do not: they learn the level of synthetic sequences")


def test_the_visitor_can_choose_another_mode():
    at = visit()
    steps = next(group for group in at.button_group if group.key == "speed.mode")
    steps.set_value("steps").run()
    assert not at.exception
    assert said(at, "Inference on one batch: not measured in this mode")
    assert said(at, "`predict` copies the model")
    again = next(group for group in at.button_group if group.key == "speed.mode")
    assert [again.options[i] for i in again.proto.default] == [MODES["steps"].title]


@pytest.mark.slow
def test_the_link_has_the_sweep_and_navigation_keeps_it():
    at = visit(k="3,1", modes="xla")
    assert pills(at, "k").value == [1, 3]
    assert pills(at, "modes").value == ["xla"]
    assert said(at, "Compiling takes several seconds for each model")
    at.switch_page("train.py").run()
    at.switch_page("speed.py").run()
    assert pills(at, "k").value == [1, 3]
    assert at.query_params["k"] == "3,1"


@pytest.mark.slow
def test_a_choice_goes_into_the_link_and_an_empty_one_has_no_effect():
    at = visit()
    assert "k" not in at.query_params
    pills(at, "k").set_value([8, 2]).run()
    assert at.query_params["k"] == "2,8"
    pills(at, "k").set_value([]).run()
    assert pills(at, "k").value == [2, 8]
    assert not at.exception


@pytest.mark.parametrize(("key", "text"), [("k", "0"), ("k", "a<b>"), ("modes", "warp")])
def test_a_bad_link_gets_a_sentence_and_the_default(key, text):
    at = visit(**{key: text})
    assert any("separated by commas" in warning.value for warning in at.warning)
    assert key not in at.query_params
    assert pills(at, "k").value == [1, 2, 8, 32]


def test_the_visitor_s_own_number_of_heads_is_offered():
    at = visit(head=["level", "trend", "last"])
    assert pills(at, "k").options == ["1", "2", "3 (yours)", "4", "8", "16", "32", "64"]


@pytest.mark.slow
def test_other_settings_than_the_recorded_ones_are_named():
    assert not said(visit(), "Your settings differ")
    assert said(visit(lstm="8"), "Your settings differ from the recorded ones. Press Start to measure them.")


def test_a_sweep_without_points_cannot_be_started():
    at = visit(k="64", modes="xla")
    assert button(at, "Start").disabled
    assert said(at, "With jit_compile, at most 8 heads are measured.")


def badges(at):
    return [element.value for element in at.markdown if "-badge[" in element.value]


@pytest.mark.slow
def test_the_points_so_far_take_the_place_of_the_recorded_ones_and_stay_after_a_reload_and_a_cancel(server):
    link = {"k": "1,2,4", "modes": "fit"}
    at = visit(visitor=ADA, **link)
    button(at, "Start").click().run()
    job = server.jobs.registry.take()
    server.jobs.registry.report(job.id, SweepPhase(mode="fit", k=1, doing="Timing"))
    at.run()
    assert any("Timing · model.fit, 1 head" in bar.proto.text for bar in at.get("progress"))
    assert said(at, "**Recorded**"), "nothing is measured yet"

    for count, k in enumerate((1, 2), 1):
        server.jobs.registry.report(job.id, PointEvent(data=point(k), seconds=float(count)))
        for page in (at.run(), visit(visitor=ADA, **link)):
            assert said(page, "**Measured here**, the results so far")
            assert not said(page, "**Recorded**")
            assert len(badges(page)) == count
    button(at, "Cancel").click().run()
    server.jobs.registry.end(job, "cancelled")
    at.run()
    assert said(at, "The measurements up to then are shown.")
    assert len(badges(at)) == 2
    assert not button(at, "Start").disabled
    assert not at.exception
