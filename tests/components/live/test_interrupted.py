"""After a restart each page says which of the visitor's jobs was interrupted, and can run it again."""

import pytest

from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.experiment.url import write_query
from backend.jobs import Job
from backend.jobs.messages import Payload
from backend.jobs.registry import JobRegistry
from tests.builders.pages import ADA, part, visit

MINE = Experiment(training=Training(optimizer="sgd"))


def train():
    from components.session import page_options, state
    from components.train import panel

    page_options.synchronise("train")
    panel.show(state.experiment())


def speed():
    from components.session import page_options, state
    from components.speed import panel as speed_panel
    from components.speed import settings

    page_options.synchronise("speed", settings.CHOICES)
    speed_panel.show(state.experiment())


def topologies():
    from backend.questions.topologies import TOPOLOGIES
    from components.session import page_options
    from components.topologies import training

    page_options.synchronise("topologies", {"topology": page_options.one_of(*TOPOLOGIES)})
    training.show(TOPOLOGIES[page_options.chosen("topology")])


@pytest.fixture
def start(serve):
    """Start a server with the state of the one before, but without workers: submitted jobs wait."""

    def start():
        services = serve()
        services.jobs.on_end(services.record_end)
        return services

    return start


def payloads(services):
    return [job.payload for job in services.jobs.registry.waiting]


def tab(page, **query):
    """A page of Ada's, or the part of a page that a function draws."""
    return visit(page, ADA, **query) if isinstance(page, str) else part(page, ADA, **query)


def click(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def warnings(app):
    return [warning.value for warning in app.warning]


def ended(job):
    """The same job, finished."""
    board = JobRegistry(4, 100)
    board.add(job)
    board.take(1)
    board.end(job, "finished")
    return job


#: The page or what draws its part, its start button, a link with other settings, the kind of job.
PAGES = {
    "train": (train, "Train", {"optimizer": "sgd"}, "train"),
    "speed": (speed, "Start", {"optimizer": "sgd", "k": "1,4", "modes": "fit"}, "speed"),
    "topologies": (topologies, "Train both", {"topology": "separate", "relatedness": "0.5"}, "topology"),
    "claims": ("claims.py", "Test all", {"optimizer": "sgd"}, "claim"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_an_interrupted_job_is_reported_and_can_be_run_again_with_its_settings(start, name):
    page, label, link, kind = PAGES[name]
    before = start()
    app = click(tab(page, **link), label)
    assert not warnings(app), "no job is interrupted yet"
    assert payloads(before)

    after = start()
    app = tab(page)
    (sentence,) = warnings(app)
    assert sentence.startswith("What you started here just now ")
    assert sentence.endswith("had not finished when the server restarted. Its settings are kept.")
    assert not app.query_params
    click(app, "Run again")
    assert not warnings(app)
    assert payloads(after) == payloads(before)
    app.run()
    assert {key: app.query_params[key] for key in link} == link
    assert start().started_jobs.interrupted(ADA, kind), "a second restart reports the new job"


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_finished_job_is_not_called_interrupted_and_its_message_can_be_dismissed(start, name):
    page, _, _, kind = PAGES[name]
    query = write_query(MINE) | {"topology": ["separate"]}
    start().started_jobs.begin(ADA, query, ended(Job(ADA, kind, Payload())))
    server = start()
    app, other = tab(page), tab(page)
    (sentence,) = warnings(app)
    assert sentence.startswith(
        "What you started here just now had finished, but results are lost when the server restarts."
    )
    click(app, "Dismiss")
    assert not warnings(app)
    click(other, "Run again")
    assert not payloads(server), "it was dismissed in another tab"
    assert start().started_jobs.interrupted(ADA, kind) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_shows_a_job_keeps_it_from_being_abandoned(start, name):
    page, label, link, *_ = PAGES[name]
    server = start()
    app = click(tab(page, **link), label)
    jobs = list(server.jobs.registry.waiting)
    looked = [job.looked_at for job in jobs]
    app.run()
    assert all(job.looked_at > before for job, before in zip(jobs, looked, strict=True))
