"""Services: what building them does not do."""

import gc
import threading

import psutil

from backend.config.settings import Settings
from backend.services import Services


def test_built_services_hold_no_file_socket_or_thread_before_the_jobs_start(tmp_path):
    gc.collect()  # what other tests left
    process, threads = psutil.Process(), threading.active_count()
    files = process.num_fds()
    services = Services.build(Settings(workers=1, state_dir=tmp_path))
    assert threading.active_count() <= threads
    assert process.num_fds() <= files  # what other tests left may be closed meanwhile
    assert services.jobs.workers() == ()
