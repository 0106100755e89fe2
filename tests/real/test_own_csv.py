"""A worker trains on a visitor's own table, which comes with the job; with the table, all of it is deleted."""

import numpy as np
import pytest

from backend.experiment.url import read_query
from backend.own_csv.job import ReadTableJob
from backend.services import services
from backend.training.constant import baselines
from harness.local import until
from tests.own_tables import table

pytestmark = pytest.mark.jobs

#: Visitors of this test alone: the tests of a process share one server.
OWNER, OTHER = "the owner of the table", "another visitor beside the owner"


@pytest.mark.takes("a worker traces both styles")
def test_a_run_is_its_visitors_alone_and_goes_with_the_table(workers):
    tables, runs, saved = services().own_tables, services().runs, services().saved_runs
    reading = ReadTableJob(text=table().csv().decode())
    kept = workers.wait(workers.submit(OWNER, reading.kind, reading, urgent=True), 120).result
    assert kept == table(), "a worker parses the file"
    tables.keep(kept, OWNER)
    query = {"csv": [f"{kept.id}.1-2.2"], "head": ["a.number_1", "b.yes_2"], "left": ["functional"]}
    experiment, notices = read_query(query | {"right": ["subclassing"], "lstm": ["4"], "timesteps": ["3"]})
    assert not notices
    job = runs.train(experiment, OWNER).job
    assert workers.wait(job, 120).state == "finished"
    run = runs.train(experiment, OWNER).job.view().result
    assert run.experiment == experiment
    assert np.isfinite([epoch.left.val_total for epoch in run.epochs]).all()
    assert run.epochs[-1].left.val_heads["a"] < 2 * baselines(experiment)["a"].loss
    until(lambda: [entry.saved for entry in saved.of_visitor(OWNER)] == [True])
    assert saved.of_visitor(OTHER) == [], "nobody else's list has it"
    (entry,) = saved.of_visitor(OWNER)
    assert saved.open(entry.id)[1].experiment == experiment

    tables.keep(kept, OTHER)
    runs.train(experiment, OTHER)
    until(lambda: len(saved.of_visitor(OTHER)) == 1)
    assert services().delete_table(kept.id, OWNER) is False
    until(lambda: saved.of_visitor(OWNER) == [])
    assert (saved.open(entry.id), runs.latest(OWNER)) == (None, None)
    assert saved.of_visitor(OTHER) != [], "who has opened the same file keeps it and their runs"
    assert services().delete_table(kept.id, OTHER)
    until(lambda: saved.of_visitor(OTHER) == [])
    assert (tables.find(kept.id), runs.latest(OTHER)) == (None, None)
