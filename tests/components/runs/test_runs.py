"""The page Runs: what the visitor has trained, what a link opens, and what differs between the runs they overlay."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.sides import side_keys
from backend.experiment.training import Training
from backend.experiment.versus import Versus
from backend.web.cookie import COOKIE
from components.runs import listing
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
        server.saved_runs.add(finished(run(experiment.training.seed, experiment=experiment)), visitor)
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


def test_without_a_run_the_page_shows_what_it_will_hold_and_says_that_it_is_an_example(server):
    app = open_page()
    assert app.info[0].value == "You have no saved runs."
    assert not app.checkbox
    assert len(app.get("plotly_chart")) == 1
    assert any("Example: recorded runs, not yours" in each.value for each in app.markdown)
    train(server, BATCH)
    assert not open_page().get("plotly_chart")


def test_the_page_says_how_long_and_how_many_runs_are_kept(serve):
    serve(runs_days=1, runs_per_visitor=1)
    assert said(open_page(), "Runs are kept for up to 1 day, and pinned ones longer while there is room. You can keep")
    serve()
    assert said(open_page(), "for up to 90 days, and pinned ones longer while there is room. You can keep at most 200")


@pytest.mark.parametrize("most", [1, 2])
def test_earlier_runs_are_spoken_of_only_if_more_may_be_kept_than_the_page_lists(serve, monkeypatch, most):
    monkeypatch.setattr(listing, "MOST_LISTED", 1)
    server = serve(runs_per_visitor=most)
    train(server, BATCH)
    assert said(open_page(), "Delete some to see earlier ones.") == (most == 2)


def test_a_run_without_room_is_said_to_be_not_kept_on_both_pages(serve):
    server = serve(runs_per_visitor=1)
    train(server, BATCH, SEED)
    app = open_page()
    assert boxes(app) == ["Batch 64"]
    said_there, said_first = (page.warning[0].value for page in (app.switch_page("train.py").run(), open_page()))
    assert said_there == said_first
    assert said_first.startswith(
        "A run of yours (just now) was not kept, because there was no room for it. You have 1 run, 0.0"
    )
    assert said_first.endswith(
        "MB in all. This server keeps at most 1 run and 100 MB for each visitor. It deletes none of the last "
        "hour and none that you have pinned: delete or unpin some."
    )


def test_a_visitors_own_runs_are_listed_with_their_settings_and_losses(server):
    train(server, Experiment(), BATCH)
    train(server, SEED, visitor="b" * 32)
    app = open_page()
    assert boxes(app) == ["Batch 64", "The thread's network"]
    last = run().epochs[-1]
    assert said(app, f"Total validation loss after {len(run().epochs)} epochs: Sequential {last.left.val_total:.3g}")
    assert not said(app, "not saved")


def test_the_losses_are_those_after_the_epochs_of_one_seed(server):
    five = run(experiment=Experiment(training=Training(seeds=5)))
    more = [epoch.model_copy(update={"seed": seed}, deep=True) for seed in range(1, 5) for epoch in five.epochs]
    five.epochs.extend(more)
    server.saved_runs.add(finished(five), ADA)
    server.saved_runs.add(finished(run(1, epochs=[], stopped="It diverged in epoch 1. Lower the rate.")), ADA)
    assert server.database.flush()
    app = open_page()
    assert said(app, "Total validation loss after 20 epochs: Sequential")
    assert said(app, "No epoch ended · ")
    assert not said(app, "NaN")


def test_an_overlay_names_the_styles_that_were_trained(server):
    """Sequential cannot express these heads, so Functional was trained in its place."""
    server.saved_runs.add(finished(run(styles=("functional", "functional"))), ADA)
    assert server.database.flush()
    app = open_page()
    app.checkbox[0].check().run()
    texts = "\n".join(text.value for text in app.markdown)
    assert "Functional, on the left" in texts
    assert "Functional, on the right" in texts


def test_a_run_that_compares_two_settings_is_overlaid_under_their_names(server):
    train(server, Experiment())
    compared = Experiment(versus=Versus(batch=8))
    server.saved_runs.add(finished(run(experiment=compared, styles=side_keys(compared))), ADA)
    assert server.database.flush()
    app = open_page()
    app.checkbox[0].check().run()
    assert not app.exception
    titles = [text.value for text in app.markdown]
    assert "**Batch 32**" in titles
    assert "**Batch 8**" in titles
    app.checkbox[1].check().run()
    assert not app.exception
    assert said(app, "may not be comparable")


def test_an_open_run_has_the_name_that_its_visitor_gives_it(server):
    train(server, BATCH)
    (entry,) = server.saved_runs.of_visitor(ADA)
    app = open_page(run=entry.id)
    assert "Batch 64" in [header.value for header in app.header]
    app.session_state[f"runs.menu.{entry.id}"] = True
    app.run()
    app.text_input[0].set_value("Mine").run()
    assert "Mine" in [header.value for header in app.header]


def test_overlaid_runs_are_drawn_for_each_side_with_only_what_differs(server):
    train(server, Experiment(), BATCH, SEED)
    app = open_page()
    assert said(app, "Tick runs in the list")
    app.checkbox[1].check().run()
    assert not app.table
    app.checkbox[0].check().run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 2
    table = app.table[0].value
    assert table.to_dict("list") == {"Setting": ["Batch size", "Seed"], "1": ["64", "0"], "2": ["32", "5"]}
    app.checkbox[1].uncheck().run()
    assert not app.table


def test_the_epochs_of_a_run_stand_beside_its_losses_alone(server):
    few = Experiment(training=Training(epochs=3))
    train(server, few, Experiment(training=Training(epochs=3, batch=64)))
    assert boxes(open_page()) == ["Batch 64", "The thread's network"]


def test_a_run_is_pinned_named_and_deleted_by_its_visitor(server):
    train(server, Experiment(), BATCH)
    app = press(open_page(), "Pin", at=1)
    assert boxes(app) == ["The thread's network", "Batch 64"]
    app.session_state[f"runs.menu.{server.saved_runs.of_visitor(ADA)[0].id}"] = True
    app.run()
    app.text_input[0].set_value("Mine *and* <b>bold</b>").run()
    assert server.saved_runs.of_visitor(ADA)[0].name == "Mine *and* <b>bold</b>"
    assert boxes(app)[0] == r"Mine \*and\* \<b\>bold\</b\>"
    app.checkbox[0].check().run()
    app.checkbox[1].check().run()
    assert "**2**" in [each.value for each in app.caption if "■" in each.value][1]
    press(app, "Delete this run")
    assert boxes(app) == ["Batch 64"]
    number = next(each.value for each in app.caption if "■" in each.value)
    assert "**1**" in number, "the number that it has in the overlay"


@pytest.mark.slow
def test_whoever_has_the_link_opens_the_run_and_can_keep_it(server):
    train(server, BATCH)
    (entry,) = server.saved_runs.of_visitor(ADA)
    assert open_page(run=entry.id).title[0].value == "What have you trained?", "it is theirs"
    app = open_page("b" * 32, run=entry.id)
    assert app.title[0].value == "A shared run"
    assert not app.info
    assert "Batch 64" in [header.value for header in app.header]
    assert app.query_params["run"] == entry.id
    assert not app.checkbox, "it is not theirs"
    press(app, "Keep in my runs")
    assert boxes(app) == ["Batch 64"]
    assert not any(button.label == "Keep in my runs" for button in open_page(run=entry.id).button)
    server.saved_runs.delete(ADA, [entry.id])
    assert "There is no such run" in open_page("b" * 32, run=entry.id).warning[0].value
    assert boxes(open_page("b" * 32)) == ["Batch 64"], "they keep theirs"


@pytest.mark.parametrize("text", ["../etc", "x", "' OR 1=1 --", "y" * 500])
def test_a_link_with_a_bad_id_is_ignored_with_a_notice(server, text):
    app = open_page(run=text)
    assert "run" not in app.query_params
    assert not any(button.label == "Close" for button in app.button)


@pytest.mark.slow
def test_a_run_that_waits_for_the_database_is_shown_as_not_saved(serve, tmp_path):
    (tmp_path / "file").write_text("")
    server = serve(state_dir=tmp_path / "file" / "below")
    server.saved_runs.add(finished(run()), ADA)
    app = open_page()
    assert boxes(app) == ["The thread's network"]
    assert said(app, "**not saved yet**")
    from harness.local import until

    until(lambda: server.saved_runs.problem is not None, "the write has failed")
    app.run()
    assert "Runs are not saved now, because the folder for it cannot be used." in app.warning[0].value
    press(app, "Open")
    assert any(button.label == "Open in Train" for button in app.button)
    (tmp_path / "file").unlink()
    assert server.database.flush(60), "it is saved as soon as the folder can be used"
    assert server.saved_runs.of_visitor(ADA)[0].saved


def test_a_run_that_diverged_and_one_of_other_versions_are_drawn(server):
    stopped = run(stopped="Sequential became NaN or infinite in epoch 3. Lower the learning rate.")
    for epoch in stopped.epochs[2:]:
        epoch.left.total = float("nan")
    old = run(versions={"keras": "3.0"})
    for result in (stopped, old):
        server.saved_runs.add(replace(finished(result)), ADA)
    assert server.database.flush()
    app = open_page()
    for box in app.checkbox:
        box.check()
    app.run()
    assert not app.exception
    assert said(app, "They were trained with different versions")
    press(app, "Open")


@pytest.mark.parametrize(
    ("other", "comparable"),
    [
        (BATCH, True),
        (Experiment(training=Training(combine="mean")), False),
        (Experiment(right="sequential"), False),
    ],
)
def test_total_losses_that_are_not_comparable_are_called_so(server, other, comparable):
    train(server, Experiment(), other)
    app = open_page()
    for box in app.checkbox:
        box.check()
    app.run()
    assert app.table
    assert said(app, "the total losses of these runs may not be comparable") == (not comparable)
