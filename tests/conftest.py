"""What all tests share: a quiet TensorFlow, and Hypothesis without a deadline (the cores are shared).

The servers of a test process store their runs in a folder of its own. Otherwise a run that an earlier `make test`
stored would be replayed in a test that expects a training.

The examples are the same each time, so a test fails only because of a change: 25 a test, and 10 in `make check`.
`make soak` generates 150 new ones a test. A test whose examples are built in Keras has fewer.
"""

import gc
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.builders.shared import FOLDER

if TYPE_CHECKING:
    from backend.services import Services

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
#: A folder in memory, used if it has enough space: on a disk, SQLite waits at each commit, which slows tests of rooms.
IN_MEMORY = Path("/dev/shm")
if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > 4e9:
    os.environ.setdefault("TMPDIR", str(IN_MEMORY))
    tempfile.tempdir = None
_state = tempfile.TemporaryDirectory(prefix="two-heads-tests-", ignore_cleanup_errors=True)  # removed at exit
os.environ["TWOHEADS_STATE_DIR"] = _state.name
os.environ.setdefault(FOLDER, tempfile.mkdtemp(dir=_state.name))  # the processes of pytest-xdist inherit it
#: XLA compiles a program in less than half the time, to slower code, which tests run for milliseconds. Workers have
#: XLA's own settings.
UNOPTIMIZED = "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false"
settings.register_profile("two heads", deadline=None, max_examples=25, derandomize=True)
settings.register_profile("quick", deadline=None, max_examples=10, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=150)
settings.load_profile("two heads")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-keras", action="store_true", help="fail if a test file imports Keras")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first: those with real workers, then those that start their own servers.

    Within each group, files are in reverse order of their paths, so the many short ones of jobs come late.
    """
    long = {item.path for item in items if _has_jobs(item)}
    items.sort(key=lambda item: item.path, reverse=True)
    items.sort(key=lambda item: ("real" not in item.path.parts, item.path not in long))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Do once what is the same for all tests.

    Every AppTest would search all packages for components. The garbage collector would traverse Keras and all test
    modules again and again.
    """
    with_jobs = any(map(_has_jobs, session.items))
    if "keras" in sys.modules and session.config.option.no_keras:
        raise pytest.UsageError("A test file imports Keras, which makes each page slow (see the Makefile).")
    if not with_jobs and not any("browser" in item.path.parts for item in session.items):
        os.environ.setdefault("XLA_FLAGS", UNOPTIMIZED)
    if "tensorflow" in sys.modules:  # as in a worker: idle threads that spin would take the cores from other tests
        from backend.worker.preload import set_threads

        set_threads()
    if with_jobs:  # as in the server: otherwise pytest adds its handlers to Dask's logger, and Dask silences them
        import distributed  # noqa: F401

        for name in ("distributed", "bokeh"):
            logging.getLogger(name).propagate = True
    if "streamlit" in sys.modules:
        from streamlit.components.v2 import manifest_scanner

        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
        from streamlit.testing.v1 import AppTest

        # Seconds in which a page has to be drawn: 3 are few beside other tests.
        for made in (AppTest.from_function, AppTest.from_file, AppTest.from_string):
            made.__func__.__kwdefaults__["default_timeout"] = 60
    gc.collect()
    gc.freeze()


def _has_jobs(item: pytest.Item) -> bool:
    return item.get_closest_marker("jobs") is not None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of this process's own."""
    from tests.builders.storage import POSTGRESQL, cluster

    if POSTGRESQL is None:
        pytest.skip("PostgreSQL is missing; `make test` says why")
    with cluster() as address:
        yield address


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., "Services"]]:
    """A function that builds services with the given settings and makes them those of this process.

    Their workers are not started, so jobs wait. A second call stops the earlier services first, like a restart.
    """
    from backend.config.settings import Settings
    from backend.services import Services, serving

    built: list[Services] = []

    def end(services: Services) -> None:
        services.rooms.close()
        services.database.close(60)

    with ExitStack() as stack:

        def start(**given: Any) -> Services:
            if built:
                end(built[-1])
            built.append(Services.build(Settings(**{"workers": 1, "state_dir": tmp_path} | given)))
            stack.callback(end, built[-1])
            return stack.enter_context(serving(built[-1]))

        yield start


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator["Services"]:
    """A server of this process whose jobs get recorded results at once (`backend/jobs/recorded.py`)."""
    from backend.config.settings import Settings
    from backend.services import Services, serving

    services = Services.build(Settings(workers="recorded", state_dir=tmp_path))
    with serving(services):
        services.jobs.start()
        yield services
        services.close()
