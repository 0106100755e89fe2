"""Pages run as the app runs them: from the shell, with real workers."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture
from backend.network.job import InspectJob
from backend.services import Services, serving

SHELL = Path(__file__).parents[2] / "pages" / "navigation.py"
WARM_WITHIN = 120


@pytest.fixture(scope="session")
def workers(tmp_path_factory):
    """The server's own jobs, with a warm worker."""
    services = Services.build(Settings(state_dir=tmp_path_factory.mktemp("state"), workers=1))
    jobs = services.jobs
    with serving(services):
        jobs.start()
        inspection = InspectJob(architecture=Architecture(), style="functional")
        assert jobs.wait(jobs.submit("warming", "describe", inspection), WARM_WITHIN).state == "finished"
        yield jobs
        jobs.stop()


@pytest.fixture
def page(workers):
    """Opens a page of a new visitor with a query; the page's title is checked."""

    def open_page(script: str, title: str, **query: str | list[str]) -> AppTest:
        at = AppTest.from_file(str(SHELL))
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        if script != "compare.py":
            at.switch_page(script).run()
        assert not at.exception
        assert [heading.value for heading in at.title] == [title]
        return at

    return open_page
