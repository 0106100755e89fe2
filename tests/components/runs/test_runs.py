"""The page Runs: what the visitor has trained, what a link opens, and what differs between the runs they overlay."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.web.cookie import COOKIE
from tests.builders.runs import finished, run

ADA = "a" * 32
SHELL = Path(__file__).parents[3] / "pages" / "navigation.py"


@pytest.fixture
def server(serve):
    return serve()


def open_page(visitor=ADA, **query):
    app = AppTest.from_file(str(SHELL))
    app.session_state[COOKIE] = visitor
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("runs.py").run()
    assert not app.exception
    assert [title.value for title in app.title] in (["What have you trained?"], ["A shared run"])
    return app


def train(server, *experiments, visitor=ADA):
    for experiment in experiments:
        server.run_store.add(finished(run(experiment.training.seed, experiment=experiment)), visitor)
    assert server.database.flush()


def boxes(app):
    return [box.label for box in app.checkbox]


def said(app, words):
    return any(words in caption.value for caption in app.caption)


def press(app, label, at=0):
    [button for button in app.button if button.label == label][at].click().run()
    assert not app.exception
    return app


BATCH = Experiment(training=Training(batch=64))
SEED = Experiment(training=Training(seed=5))


def test_without_a_run_the_page_says_so(server):
    app = open_page()
    assert "Press **Train**" in app.info[0].value
    assert not app.checkbox


def test_a_visitors_own_runs_are_listed_with_their_settings_and_losses(server):
    train(server, Experiment(), BATCH)
    train(server, SEED, visitor="b" * 32)
    app = open_page()
    assert boxes(app) == ["Batch size 64", r"The thread\'s network"]
    last = run().epochs[-1]
    assert said(app, f"Total validation loss after {len(run().epochs)} epochs: Sequential {last.left.val_total:.3g}")


def test_overlaid_runs_are_drawn_for_each_side_with_only_what_differs(server):
    train(server, Experiment(), BATCH, SEED)
    app = open_page()
    assert said(app, "Tick runs in the list")
    app.checkbox[1].check().run()
    assert not app.table
    app.checkbox[0].check().run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    table = app.table[0].value
    assert table.to_dict("list") == {"Setting": ["Batch size", "Seed"], "1": ["32", "5"], "2": ["64", "0"]}
    app.checkbox[1].uncheck().run()
    assert not app.table


def test_a_run_is_pinned_named_and_deleted_by_its_visitor(server):
    train(server, Experiment(), BATCH)
    app = press(open_page(), "Pin", at=1)
    assert boxes(app) == [r"The thread\'s network", "Batch size 64"]
    app.session_state[f"runs.menu.{server.run_store.of_visitor(ADA)[0].id}"] = True
    app.run()
    app.text_input[0].set_value("Mine *and* <b>bold</b>").run()
    assert server.run_store.of_visitor(ADA)[0].name == "Mine *and* <b>bold</b>"
    assert boxes(app)[0] == r"Mine \*and\* \<b\>bold\<\/b\>"
    app.checkbox[0].check().run()
    app.checkbox[1].check().run()
    assert "**2**" in [each.value for each in app.caption if "■" in each.value][1]
    press(app, "Delete this run")
    assert boxes(app) == ["Batch size 64"]
    number = next(each.value for each in app.caption if "■" in each.value)
    assert "**1**" in number, "the number that it has in the overlay"


@pytest.mark.slow
def test_whoever_has_the_link_opens_the_run_and_can_keep_it(server):
    train(server, BATCH)
    (entry,) = server.run_store.of_visitor(ADA)
    assert open_page(run=entry.id).title[0].value == "What have you trained?", "it is theirs"
    app = open_page("b" * 32, run=entry.id)
    assert app.title[0].value == "A shared run"
    assert not app.info
    assert "Batch size 64" in [header.value for header in app.header]
    assert app.query_params["run"] == entry.id
    assert not app.checkbox, "it is not theirs"
    press(app, "Keep in my runs")
    assert boxes(app) == ["Batch size 64"]
    assert not any(button.label == "Keep in my runs" for button in open_page(run=entry.id).button)
    server.run_store.delete(ADA, entry.id)
    assert "There is no such run" in open_page("b" * 32, run=entry.id).warning[0].value
    assert boxes(open_page("b" * 32)) == ["Batch size 64"], "they keep theirs"


def test_a_run_that_diverged_and_one_of_other_versions_are_drawn(server):
    stopped = run(stopped="Sequential became NaN or infinite in epoch 3. Lower the learning rate.")
    for epoch in stopped.epochs[2:]:
        epoch.left.total = float("nan")
    old = run(versions={"keras": "3.0"})
    for result in (stopped, old):
        server.run_store.add(replace(finished(result)), ADA)
    assert server.database.flush()
    app = open_page()
    for box in app.checkbox:
        box.check()
    app.run()
    assert not app.exception
    assert said(app, "They were trained with different versions")
    press(app, "Open")
