"""The visitor's runs in the fold on Train, what differs between those that they overlay, and the page of one run."""

from dataclasses import replace

import pytest

from backend.experiment import Experiment
from backend.experiment.training import Training
from tests.builders.pages import ADA, BOB, part, visit
from tests.builders.runs import finished, run


@pytest.fixture
def server(serve):
    return serve()


def page():
    from components.runs import panel, settings
    from components.session import page_options

    page_options.declare({}, settings.CHOICES)
    panel.show()


def fold(visitor=ADA):
    """The open fold of the visitor's runs."""
    return part(page, visitor, {"train.runs": True})


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


def test_without_a_run_the_list_says_so(server):
    app = fold()
    assert "Press **Train**" in app.info[0].value
    assert not app.checkbox


def test_a_visitors_own_runs_are_listed_with_their_settings_and_losses(server):
    train(server, Experiment(), BATCH)
    train(server, SEED, visitor=BOB)
    app = fold()
    assert boxes(app) == ["Batch size 64", r"The thread\'s network"]
    last = run().epochs[-1]
    assert said(app, f"Total validation loss after {len(run().epochs)} epochs: Sequential {last.left.val_total:.3g}")


def test_overlaid_runs_are_drawn_for_each_side_with_only_what_differs(server):
    train(server, Experiment(), BATCH, SEED)
    app = fold()
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
    app = press(fold(), "Pin", at=1)
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
    assert visit("runs.py", ADA, run=entry.id).title[0].value == "Your run"
    app = visit("runs.py", BOB, run=entry.id)
    assert app.title[0].value == "A shared run"
    assert not app.info
    assert "Batch size 64" in [header.value for header in app.header]
    assert app.query_params["run"] == entry.id
    assert not boxes(fold(BOB)), "it is not theirs"
    press(app, "Keep in my runs")
    assert "among your runs" in app.toast[0].value
    assert boxes(fold(BOB)) == ["Batch size 64"]
    server.run_store.delete(ADA, entry.id)
    assert "There is no such run" in visit("runs.py", BOB, run=entry.id).warning[0].value
    assert boxes(fold(BOB)) == ["Batch size 64"], "they keep theirs"


def test_the_address_without_a_run_leads_to_the_open_fold_and_a_run_opens_on_its_page(server):
    train(server, BATCH)
    (entry,) = server.run_store.of_visitor(ADA)
    app = visit("runs.py", ADA)
    assert app.title[0].value == "Which one trains better?"
    assert "Batch size 64" in boxes(app)
    press(app, "Open")
    assert app.title[0].value == "Your run"
    assert app.query_params["run"] == entry.id
    press(app, "Close")
    assert app.title[0].value == "Which one trains better?"
    assert "Batch size 64" in boxes(app)


def test_a_run_that_diverged_and_one_of_other_versions_are_drawn(server):
    stopped = run(stopped="Sequential became NaN or infinite in epoch 3. Lower the learning rate.")
    for epoch in stopped.epochs[2:]:
        epoch.left.total = float("nan")
    old = run(versions={"keras": "3.0"})
    for result in (stopped, old):
        server.run_store.add(replace(finished(result)), ADA)
    assert server.database.flush()
    app = fold()
    for box in app.checkbox:
        box.check()
    app.run()
    assert not app.exception
    assert said(app, "They were trained with different versions")
    for entry in server.run_store.of_visitor(ADA):
        assert visit("runs.py", ADA, run=entry.id).title[0].value == "Your run"
