"""The chip: what runs, how far it is, cancel; and afterwards a link to the result until it has been looked at."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.training import Training
from backend.experiment.url import read_query
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import ClaimJob
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.base import Relatedness
from backend.questions.topologies.job import TopologyJob
from components.session.visitor import COOKIE

ADA = "a" * 32
OTHER = Experiment(architecture=Architecture(timesteps=12), training=Training(epochs=4))
TOPOLOGY = next(topology for topology in TOPOLOGIES.values() if topology.has_relatedness)


def page():
    """The chip on the page of that path."""
    from types import SimpleNamespace

    import streamlit as st

    from backend.questions.topologies import TOPOLOGIES
    from components.layout import chip
    from components.session import page_options

    st.session_state["links"] = {}

    def page_link(page, label, query_params):
        st.session_state["links"][label] = (page.url_path, query_params)

    here = st.session_state.get("at", "")
    options = {"topologies": {"topology": page_options.one_of(*TOPOLOGIES)}}
    page_options.synchronise(here, options.get(here, {}), options["topologies"])
    chip.st.page_link = page_link
    paths = ("", "train", "claims", "speed", "topologies", "own")
    chip.show({path: SimpleNamespace(url_path=path) for path in paths}, here)


@pytest.fixture
def services(serve):
    """A server without workers: the tests take and end its jobs."""
    return serve()


@pytest.fixture(autouse=True)
def links(monkeypatch):
    """Links to pages are recorded, because a page of one script has no others."""
    from components.layout import chip

    monkeypatch.setattr(chip.st, "page_link", chip.st.page_link)


def tab(at=""):
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = ADA
    app.session_state["at"] = at
    app.run()
    assert not app.exception
    return app


def shown(app):
    return app.session_state["links"]


def end(services, job, state="finished"):
    if job.state == "queued":
        services.jobs.registry.take(1)
    services.jobs.registry.end(job, state, result="a result")


def test_nothing_is_drawn_while_nothing_runs(services):
    app = tab()
    assert shown(app) == {}
    assert not app.button


def test_every_tab_and_page_shows_the_run_and_any_can_cancel_it(services):
    run = services.runs.train(OTHER, ADA)
    for at in ("", "train", "speed"):
        assert shown(tab(at)) == {"Training · place 1 in the queue": ("train", None)}
    services.jobs.registry.take(1)
    app = tab("claims")
    assert shown(app) == {"Training 0 %": ("train", None)}
    (button,) = app.button
    assert button.label == "Cancel: Training"
    button.click().run()
    assert not app.exception
    assert run.view().cancelling
    assert shown(app) == {}


def test_what_runs_is_shown_before_what_has_ended(services):
    end(services, services.shared.request(TopologyJob.of(TOPOLOGY, Relatedness(rho=0.5)), ADA))
    services.runs.train(OTHER, ADA)
    app = tab("speed")
    assert shown(app) == {"Training · place 1 in the queue": ("train", None)}
    app.button[0].click().run()
    (label,) = shown(app)
    assert label.endswith("finished: look")


def test_a_finished_run_is_named_on_other_pages_until_its_page_was_looked_at(services):
    run = services.runs.train(OTHER, ADA)
    end(services, run.job)
    app = tab("")
    assert shown(app) == {"Training finished: look": ("train", None)}
    assert shown(tab("train")) == {}
    assert shown(app.run()) == {}


def test_a_result_can_be_dismissed_unseen_and_a_failure_is_named(services):
    run = services.runs.train(OTHER, ADA)
    end(services, run.job, "failed")
    app = tab("")
    assert shown(app) == {"Training stopped: look": ("train", None)}
    (button,) = app.button
    assert button.label == "Dismiss: Training"
    button.click().run()
    assert shown(app) == {}
    assert shown(tab("")) == {}


def test_the_link_to_claims_carries_the_settings_on_which_they_were_tested(services):
    claim = next(claim for claim in CLAIMS.values() if claim.measured)
    end(services, services.shared.request(ClaimJob.of(claim, OTHER), ADA))
    ((label, (path, query)),) = shown(tab("claims")).items()
    assert (label, path) == ("Claims finished: look", "claims")
    assert read_query(query)[0] == OTHER
    end(services, services.shared.request(ClaimJob.of(claim, Experiment()), ADA))
    tab("train").button[0].click().run()
    assert shown(tab("train")) == {"Claims finished: look": ("claims", None)}
    assert shown(tab("claims")) == {}, "this page shows the result"


def test_a_screen_reader_is_told_of_the_start_and_the_end_and_not_of_each_poll(services):
    def announced(app):
        (component,) = [each for each in app.get("bidi_component") if "chip.announce" in each.proto.id]
        return component.proto.json or component.proto.mixed.json

    run = services.runs.train(OTHER, ADA)
    app = tab("")
    first = announced(app)
    assert "Training started." in first
    services.jobs.registry.take(1)
    assert announced(app.run()) == first
    end(services, run.job)
    assert "Training finished." in announced(app.run())
