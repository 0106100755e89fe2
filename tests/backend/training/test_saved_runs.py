"""Finished runs in the database: each visitor's own, opened by anybody who has the link, within bounds."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from backend.database import Database, Unavailable
from backend.database.tables import runs as stored_runs
from backend.database.tables import saved_runs
from backend.database.visitors import hashed
from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.jobs import Job
from backend.jobs.compression import Compressed
from backend.training.job import TrainJob
from backend.training.packed import Unreadable, pack, unpack
from backend.training.recorded import recorded_runs
from backend.training.retention import Bounds, prune
from backend.training.saved_runs import MOST_LISTED, MOST_NAME, SavedRuns
from harness.local import until

RECORDED = recorded_runs()[0].run


def run(seed=0, **changes):
    """A real run, as if it had been trained with this seed on this server."""
    from backend.jobs.runtime import versions

    experiment = Experiment(training=Training(seed=seed))
    its_versions = {name.replace("-", "_"): version for name, version in versions().items()}
    weights = {side: {"dense": [np.full((2, 3), seed, np.float32)]} for side in ("left", "right")}
    epochs = [epoch.model_copy(update={"seed": seed}, deep=True) for epoch in RECORDED.epochs]
    mine = {"experiment": experiment, "versions": its_versions, "weights": weights, "epochs": epochs}
    return RECORDED.model_copy(update=mine | changes, deep=True)


def finished(result):
    job = Job.finished("ada", "train", TrainJob(experiment=result.experiment), (), Compressed.of(result), time.time())
    return job.view()


@pytest.fixture
def database(storage):
    return storage.open()


@pytest.fixture
def saved(database):
    return SavedRuns(database)


def count(database, table):
    return database.read(lambda connection: connection.execute(select(func.count()).select_from(table)).scalar())


def test_a_finished_run_is_there_after_a_restart_with_every_bit(storage, database, saved):
    mine = run(3)
    mine.epochs[0].left.total, mine.epochs[0].right.total = float("nan"), float("inf")
    saved.add(finished(mine), "ada")
    after = SavedRuns(storage.restarted(database))
    (entry,) = after.of_visitor("ada")
    assert (entry.experiment, entry.saved, entry.name, entry.pinned) == (mine.experiment, True, "", False)
    assert entry.at == pytest.approx(time.time(), abs=60)
    assert entry.summary.epochs == len(mine.epochs)
    found_entry, found = after.open(entry.id)
    assert found_entry.id == entry.id
    assert pack(found) == pack(mine)
    for side in ("left", "right"):
        np.testing.assert_array_equal(found.weights[side]["dense"][0], mine.weights[side]["dense"][0])
        assert found.weights[side]["dense"][0].dtype == np.float32
    again, at = after.find(mine.experiment)
    assert pack(again) == pack(mine)
    assert at == entry.at


def test_an_equal_run_is_stored_once_and_each_visitor_has_their_own_entry(database, saved):
    for visitor in ("ada", "bob", "ada"):
        saved.add(finished(run()), visitor)
    assert database.flush()
    assert (count(database, stored_runs), count(database, saved_runs)) == (1, 2)
    (ada,), (bob,) = saved.of_visitor("ada"), saved.of_visitor("bob")
    assert ada.id != bob.id
    assert len(ada.id) >= 22, "128 bits, so that nobody guesses one"
    saved.delete("ada", [ada.id, bob.id])
    assert saved.of_visitor("ada") == []
    assert saved.open(ada.id) is None
    assert saved.open(bob.id) is not None, "a visitor deletes only their own"
    saved.delete("bob", [bob.id])
    assert count(database, stored_runs) == 0, "a run that nobody has is deleted"


def test_only_its_visitor_names_and_pins_a_run(saved):
    for seed in range(3):
        saved.add(finished(run(seed)), "ada")
    latest = saved.of_visitor("ada")
    first = latest[-1]
    saved.rename("bob", first.id, "Bob's")
    saved.pin("bob", first.id, True)
    assert not any(entry.pinned or entry.name for entry in saved.of_visitor("ada"))
    saved.rename("ada", first.id, "  the \n first " + "x" * 200)
    saved.pin("ada", first.id, True)
    top = saved.of_visitor("ada")[0]
    assert (top.id, top.pinned) == (first.id, True)
    assert top.name.startswith("the first xxx")
    assert len(top.name) == MOST_NAME
    saved.add(finished(run(0)), "ada")
    saved.pin("ada", first.id, False)
    assert any(entry.name == top.name for entry in saved.of_visitor("ada")), "training it again keeps the name"


def test_a_run_of_other_versions_is_listed_but_not_found_as_equal(database, saved):
    old = run(versions={"keras": "3.0", "tensorflow": "2.16", "numpy": "1.26", "two_heads": "0.1"})
    saved.add(finished(old), "ada")
    assert database.flush()
    assert saved.find(old.experiment) is None
    assert len(saved.of_visitor("ada")) == 1
    saved.add(finished(run()), "ada")
    assert database.flush()
    assert saved.find(old.experiment)
    assert len(saved.of_visitor("ada")) == 2


def test_rows_that_this_version_cannot_read_are_skipped(database, saved):
    for seed in range(2):
        saved.add(finished(run(seed)), "ada")
    assert database.flush()
    broken, other = saved.of_visitor("ada")
    key = stored_runs.c.experiment_hash
    database.write(
        lambda c: c.execute(update(stored_runs).where(key == broken.experiment.key()).values(experiment="{"))
    )
    database.write(lambda c: c.execute(update(stored_runs).where(key == other.experiment.key()).values(packed=b"?")))
    assert database.flush()
    assert [entry.id for entry in saved.of_visitor("ada")] == [other.id]
    assert saved.open(broken.id) is None
    assert saved.open(other.id) is None
    assert saved.find(other.experiment) is None


@pytest.mark.parametrize("damage", [{"experiment": "{"}, {"summary": "{}"}, {"packed": b"?"}])
def test_a_new_run_replaces_an_equal_one_that_cannot_be_read(database, saved, damage):
    saved.add(finished(run()), "ada")
    assert database.flush()
    database.write(lambda connection: connection.execute(update(stored_runs).values(**damage)))
    saved.add(finished(run()), "bob")
    assert database.flush()
    (mine,), (other,) = saved.of_visitor("ada"), saved.of_visitor("bob")
    assert pack(saved.open(mine.id)[1]) == pack(saved.open(other.id)[1]) == pack(run())
    assert count(database, stored_runs) == 1


def test_two_servers_that_finish_equal_runs_at_the_same_time_lose_none(storage):
    servers = [SavedRuns(storage.open()) for _ in range(2)]
    start = threading.Barrier(2)

    def finish(server, visitor):
        for seed in range(12):
            start.wait()
            server.add(finished(run(seed)), visitor)

    threads = [threading.Thread(target=finish, args=each) for each in zip(servers, ("ada", "bob"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for server, visitor in zip(servers, ("ada", "bob"), strict=True):
        until(lambda server=server, visitor=visitor: all(entry.saved for entry in server.of_visitor(visitor)))
        assert len(server.of_visitor(visitor)) == 12


def test_a_run_without_a_result_any_more_is_not_saved(database, saved):
    saved.add(replace(finished(run()), kept=None), "ada")
    assert saved.of_visitor("ada") == []


def test_a_run_that_is_finished_twice_while_nothing_can_be_saved_is_listed_once_and_keeps_its_link(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    database = Database(file / "below")
    saved = SavedRuns(database)
    for _ in range(2):
        saved.add(finished(run()), "ada")
    (entry,) = saved.of_visitor("ada")
    file.unlink()
    until(lambda: saved.open(entry.id)[0].saved)
    assert [each.id for each in saved.of_visitor("ada")] == [entry.id]
    database.close()


def test_a_deleted_run_that_was_finished_twice_while_nothing_can_be_saved_does_not_come_back(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    database = Database(file / "below")
    saved = SavedRuns(database)
    for seed in (1, 1, 2):
        saved.add(finished(run(seed)), "ada")
    saved.add(finished(run(1)), "bob")
    _, first = saved.of_visitor("ada")
    saved.delete("ada", [first.id])
    file.unlink()
    assert database.flush(30)
    assert [each.experiment.training.seed for each in saved.of_visitor("ada")] == [2]
    assert len(saved.of_visitor("bob")) == 1
    database.close()


def test_the_link_of_a_run_that_its_visitor_had_already_still_opens_it_once_it_is_saved(tmp_path):
    folder = tmp_path / "state"
    database = Database(folder)
    saved = SavedRuns(database)
    saved.add(finished(run()), "ada")
    assert database.flush()
    (first,) = saved.of_visitor("ada")
    folder.rename(tmp_path / "away")
    folder.write_text("")
    saved.add(finished(run()), "ada")
    (meanwhile,) = saved.of_visitor("ada")
    assert (meanwhile.saved, meanwhile.id == first.id) == (False, False)
    folder.unlink()
    (tmp_path / "away").rename(folder)
    until(lambda: [each.id for each in saved.of_visitor("ada")] == [first.id])
    assert saved.open(meanwhile.id)[0].id == first.id
    saved.rename("ada", meanwhile.id, "Mine")
    assert [each.name for each in saved.of_visitor("ada")] == ["Mine"]
    saved.keep("bob", meanwhile.id)
    assert len(saved.of_visitor("bob")) == 1
    saved.delete("ada", [meanwhile.id])
    assert saved.of_visitor("ada") == []
    database.close()


def test_where_the_database_fails_a_run_is_listed_as_not_saved_and_can_be_opened_and_deleted(tmp_path):
    (tmp_path / "file").write_text("")
    database = Database(tmp_path / "file" / "below")
    saved = SavedRuns(database)
    saved.add(finished(run(1)), "ada")
    saved.add(finished(run(2)), "ada")
    latest, first = saved.of_visitor("ada")
    assert (latest.experiment.training.seed, first.experiment.training.seed) == (2, 1)
    assert not latest.saved
    assert saved.of_visitor("bob") == []
    assert saved.open(first.id)[1].experiment == first.experiment
    with pytest.raises(Unavailable):
        saved.open("another")
    assert saved.find(Experiment()) is None
    saved.delete("bob", [first.id])
    saved.delete("ada", [latest.id])
    assert [entry.id for entry in saved.of_visitor("ada")] == [first.id]
    assert saved.problem == "the folder for it cannot be used"
    (tmp_path / "file").unlink()  # the folder can be created now
    assert database.flush(30)
    (entry,) = saved.of_visitor("ada")
    assert (entry.saved, entry.experiment) == (True, first.experiment)
    database.close()


def entries(database, ages, pinned=(), size=1000, shared=False):
    """Entries of these ages in days, each with a run of its own of `size` bytes unless it is shared."""
    for number, days in enumerate(ages):
        values = {
            "experiment_hash": str(number), "versions": "", "experiment": "", "summary": "", "packed": b"",
            "bytes": size, "at": 0.0, "id": 1 if shared else number + 1,
        }  # fmt: skip
        mine = {
            "id": str(number), "run": values["id"], "visitor": str(number) if shared else hashed("ada"), "name": "",
            "pinned": number in pinned, "at": time.time() - days * 24 * 3600,
        }  # fmt: skip
        if not (shared and number):
            database.write(lambda connection, values=values: connection.execute(insert(stored_runs), [values]))
        database.write(lambda connection, mine=mine: connection.execute(insert(saved_runs), [mine]))
    assert database.flush()


def left(database, bounds):
    database.write(lambda connection: prune(connection, bounds))
    assert database.flush()
    ids = database.read(lambda connection: set(connection.execute(select(saved_runs.c.id)).scalars()))
    unused = ~select(saved_runs.c.id).where(saved_runs.c.run == stored_runs.c.id).exists()
    assert database.read(lambda connection: connection.execute(select(stored_runs.c.id).where(unused)).all()) == []
    return ids


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (Bounds(), {"0", "1", "2", "3"}),
        (Bounds(days=2.5), {"0", "1", "2", "3"}),
        (Bounds(days=1.5), {"0", "1", "3"}),
        (Bounds(count=3), {"0", "1", "3"}),
        (Bounds(count=1), {"3"}),
        (Bounds(megabytes=2000 / 2**20), {"0", "3"}),
        (Bounds(megabytes=0), set()),
    ],
)
def test_old_entries_go_first_and_pinned_ones_last(database, bounds, expected):
    entries(database, [0, 1, 2, 3], pinned={3})
    assert left(database, bounds) == expected


def test_no_pinned_entry_is_deleted_as_long_as_there_are_others(database):
    pinned = range(2, 60)
    entries(database, list(range(60)), pinned={*pinned})
    assert left(database, Bounds(megabytes=59_500 / 2**20)) == {str(number) for number in pinned}


def test_a_shared_run_is_deleted_with_its_last_entry(database):
    entries(database, [0, 1, 2], shared=True)
    assert left(database, Bounds(count=1)) == {"0"}
    assert count(database, stored_runs) == 1
    assert left(database, Bounds(megabytes=0)) == set()
    assert count(database, stored_runs) == 0


def test_a_page_lists_a_bounded_number(database, saved):
    saved.add(finished(run()), "ada")
    assert database.flush()
    (number,) = database.read(lambda connection: connection.execute(select(stored_runs.c.id)).scalars().all())
    rows = [
        {"id": str(n), "run": number, "visitor": hashed(f"v{n}"), "name": "", "pinned": False, "at": 0.0}
        for n in range(5)
    ]
    database.write(lambda connection: connection.execute(insert(saved_runs), rows))
    assert database.flush()
    assert len(saved.of_visitor("ada")) == 1
    assert MOST_LISTED >= 100


@given(st.binary(max_size=200))
def test_no_bytes_from_a_database_crash_the_reader(data):
    with pytest.raises(Unreadable):
        unpack(data)


def test_damaged_and_cut_runs_are_refused():
    whole = pack(run())
    for damaged in (whole[:-1], whole[: len(whole) // 2], whole[:100] + b"\0" + whole[101:], b""):
        with pytest.raises(Unreadable):
            unpack(damaged)
