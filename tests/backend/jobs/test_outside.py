"""An outside scheduler that is not there yet, goes away, and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.jobs import Jobs
from backend.settings import Settings
from tests.backend.jobs.helpers import KINDS, all_warm, until
from tests.backend.jobs.outside import Outside

pytestmark = pytest.mark.jobs


def test_it_may_come_late_die_and_come_back(tmp_path: Path) -> None:
    outside = Outside(tmp_path)
    jobs = Jobs(Settings(**outside.settings), KINDS)
    jobs.start()
    until(lambda: jobs.status.state == "unavailable")
    early = jobs.submit("ada", "count", {"to": 3})
    outside.start()
    try:
        assert jobs.wait(early, 90).state == "finished"
        until(lambda: all_warm(jobs))

        running = [jobs.submit(visitor, "count", {"to": 10**6}) for visitor in ("ada", "bob")]
        until(lambda: all(job.events for job in running))
        waiting = jobs.submit("cy", "count", {"to": 3})
        outside.scheduler.kill()
        assert [jobs.wait(job, 30).state for job in running] == ["lost", "lost"]
        until(lambda: jobs.status.state == "unavailable")
        assert "keeps trying" in jobs.status.sentence
        assert (waiting.state, waiting.position) == ("queued", 1)

        outside.stop()
        outside.start()
        assert jobs.wait(waiting, 90).state == "finished"
        assert jobs.status.state == "ready"
    finally:
        jobs.stop()
        outside.stop()


def test_without_a_certificate_nobody_gets_in(tmp_path: Path) -> None:
    outside, stranger = Outside(tmp_path), tmp_path / "stranger"
    stranger.mkdir()
    outside.start()
    invited = Jobs(Settings(**outside.settings), KINDS)
    # Its own certificates are as good as any, but of another authority.
    files = {name: path for name, path in Outside(stranger).settings.items() if name != "scheduler"}
    uninvited = Jobs(Settings(scheduler=outside.settings["scheduler"], **files), KINDS)
    try:
        invited.start()
        until(lambda: all_warm(invited))
        uninvited.start()
        until(lambda: uninvited.status.state == "unavailable")
        assert uninvited.workers() == ()
    finally:
        invited.stop()
        uninvited.stop()
        outside.stop()
