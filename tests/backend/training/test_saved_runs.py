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
from backend.experiment.own_table import tables_from
from backend.experiment.training import Training
from backend.experiment.url import read_query
from backend.jobs import Job
from backend.jobs.compression import Compressed
from backend.jobs.runtime import versions
from backend.training.job import TrainJob
from backend.training.packed import Unreadable, pack, unpack
from backend.training.recorded import recorded_runs
from backend.training.retention import Bounds, prune
from backend.training.saved_run import Summary, deciding_versions
from backend.training.saved_runs import MOST_LISTED, MOST_NAME, SavedRuns
from harness.local import until
from tests.backend.database.storage import BOTH, sqlite_first
from tests.own_tables import table

storage = sqlite_first

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


@BOTH
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


@BOTH
def test_an_equal_run_is_stored_once_and_each_visitor_has_their_own_entry(database, saved):
    for visitor in ("ada", "bob", "ada"):
        saved.add(finished(run()), visitor)
    assert database.flush(60)
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


@BOTH
def test_only_its_visitor_names_and_pins_a_run(database, saved):
    for seed in range(3):
        saved.add(finished(run(seed)), "ada")
    assert database.flush(60)  # else a name may come later than the next read
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
    assert database.flush(60)
    assert saved.find(old.experiment) is None
    assert len(saved.of_visitor("ada")) == 1
    saved.add(finished(run()), "ada")
    assert database.flush(60)
    assert saved.find(old.experiment)
    assert len(saved.of_visitor("ada")) == 2


def test_a_run_of_another_trainer_is_not_equal_and_one_of_another_two_heads_is():
    now = versions()
    assert deciding_versions(now | {"trainer": "other"}) != deciding_versions(now)
    assert deciding_versions(now | {"two-heads": "other"}) == deciding_versions(now)


@BOTH
def test_rows_that_this_version_cannot_read_are_skipped(database, saved):
    for seed in range(2):
        saved.add(finished(run(seed)), "ada")
    assert database.flush(60)
    broken, other = saved.of_visitor("ada")
    key = stored_runs.c.experiment_hash
    database.write(
        lambda c: c.execute(update(stored_runs).where(key == broken.experiment.key()).values(experiment="{"))
    )
    database.write(lambda c: c.execute(update(stored_runs).where(key == other.experiment.key()).values(packed=b"?")))
    assert database.flush(60)
    assert [entry.id for entry in saved.of_visitor("ada")] == [other.id]
    assert saved.open(broken.id) is None
    assert saved.open(other.id) is None
    assert saved.find(other.experiment) is None


@pytest.mark.parametrize("damage", [{"experiment": "{"}, {"summary": "{}"}, {"packed": b"?"}])
def test_a_new_run_replaces_an_equal_one_that_cannot_be_read(database, saved, damage):
    saved.add(finished(run()), "ada")
    assert database.flush(60)
    database.write(lambda connection: connection.execute(update(stored_runs).values(**damage)))
    saved.add(finished(run()), "bob")
    assert database.flush(60)
    (mine,), (other,) = saved.of_visitor("ada"), saved.of_visitor("bob")
    assert pack(saved.open(mine.id)[1]) == pack(saved.open(other.id)[1]) == pack(run())
    assert count(database, stored_runs) == 1


@pytest.mark.slow
@BOTH
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
    saved.add(replace(finished(run()), stored_result=None), "ada")
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


@pytest.mark.slow
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


def point(link, target):
    """Let the link point to `target` from one moment to the next: the database makes a folder that is not there."""
    new = link.with_name("new")
    new.symlink_to(target)
    new.replace(link)


def test_the_link_of_a_run_that_its_visitor_had_already_still_opens_it_once_it_is_saved(tmp_path):
    folder, file, link = tmp_path / "state", tmp_path / "file", tmp_path / "link"
    folder.mkdir()
    file.touch()
    link.symlink_to(folder)
    database = Database(link)
    saved = SavedRuns(database)
    saved.add(finished(run()), "ada")
    assert database.flush(60)
    (first,) = saved.of_visitor("ada")
    point(link, file)
    saved.add(finished(run()), "ada")
    (meanwhile,) = saved.of_visitor("ada")
    assert (meanwhile.saved, meanwhile.id == first.id) == (False, False)
    point(link, folder)
    until(lambda: [each.id for each in saved.of_visitor("ada")] == [first.id])
    until(lambda: saved.open(meanwhile.id)[0].id == first.id)
    saved.rename("ada", meanwhile.id, "Mine")
    assert [each.name for each in saved.of_visitor("ada")] == ["Mine"]
    saved.keep("bob", meanwhile.id)
    assert len(saved.of_visitor("bob")) == 1
    saved.delete("ada", [meanwhile.id])
    assert saved.of_visitor("ada") == []
    database.close()


@pytest.mark.slow
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


def entries(database, ages, pinned=(), size=1000, shared=False, visitor="ada", first=0):
    """Entries of these ages in days, each with a run of its own of `size` bytes unless it is shared."""
    for number, days in enumerate(ages, first):
        values = {
            "experiment_hash": str(number), "versions": "", "experiment": "", "summary": "", "packed": b"",
            "bytes": size, "at": 0.0, "id": 10**6 + (0 if shared else number),
        }  # fmt: skip
        mine = {
            "id": str(number), "run": values["id"], "visitor": str(number) if shared else hashed(visitor), "name": "",
            "bytes": size, "pinned": number in pinned, "at": time.time() - days * 24 * 3600,
        }  # fmt: skip
        if not (shared and number):
            database.write(lambda connection, values=values: connection.execute(insert(stored_runs), [values]))
        database.write(lambda connection, mine=mine: connection.execute(insert(saved_runs), [mine]))
    assert database.flush(60)


def left(database, bounds):
    database.write(lambda connection: prune(connection, bounds))
    assert database.flush(60)
    ids = database.read(lambda connection: set(connection.execute(select(saved_runs.c.id)).scalars()))
    unused = ~select(saved_runs.c.id).where(saved_runs.c.run == stored_runs.c.id).exists()
    assert database.read(lambda connection: connection.execute(select(stored_runs.c.id).where(unused)).all()) == []
    return ids


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (Bounds(), {"0", "1", "2", "3"}),
        (Bounds(days=3.5), {"0", "1", "2", "3"}),
        (Bounds(days=2.5), {"0", "1", "3"}),
        (Bounds(count=3), {"0", "1", "3"}),
        (Bounds(count=1), {"3"}),
        (Bounds(megabytes=2000 / 2**20), {"0", "3"}),
        (Bounds(megabytes=0), set()),
    ],
)
def test_old_entries_go_first_and_pinned_ones_last(database, bounds, expected):
    entries(database, [1, 2, 3, 4], pinned={3})
    assert left(database, bounds) == expected


def test_no_pinned_entry_is_deleted_as_long_as_there_are_others(database):
    pinned = range(2, 60)
    entries(database, list(range(1, 61)), pinned={*pinned})
    assert left(database, Bounds(megabytes=58_500 / 2**20)) == {str(number) for number in pinned}


@BOTH
def test_a_shared_run_is_deleted_with_its_last_entry(database):
    entries(database, [1, 2, 3], shared=True)
    assert left(database, Bounds(count=1)) == {"0"}
    assert count(database, stored_runs) == 1
    assert left(database, Bounds(megabytes=0)) == set()
    assert count(database, stored_runs) == 0


@pytest.mark.parametrize("bounds", [Bounds(count=4), Bounds(megabytes=4000 / 2**20)])
def test_who_has_most_loses_first_also_what_is_pinned(database, bounds):
    entries(database, [5, 4, 3, 2, 1], pinned=range(5))
    entries(database, [9, 8], visitor="bob", first=5)
    assert left(database, bounds) == {"3", "4", "5", "6"}


def test_nothing_of_the_last_hour_is_deleted(database):
    entries(database, [0, 0.03, 2, 0.05])
    assert left(database, Bounds(count=1, megabytes=0)) == {"0", "1"}


def test_a_visitor_who_pins_much_does_not_make_the_new_runs_of_others_vanish(database):
    entries(database, range(1, 41), pinned=range(40), size=2**20)
    saved = SavedRuns(database, Bounds(megabytes=40))
    saved.add(finished(run()), "bob")
    assert database.flush(60)
    assert [entry.saved for entry in saved.of_visitor("bob")] == [True]
    assert saved.unsaved_run("bob") is None
    ids = database.read(lambda connection: set(connection.execute(select(saved_runs.c.id)).scalars()))
    assert "0" in ids
    assert "39" not in ids, "the oldest of the one who has most"


@pytest.mark.parametrize("bounds", [Bounds(count_per_visitor=3), Bounds(megabytes_per_visitor=2.26)])
def test_a_new_run_replaces_the_oldest_of_its_visitor_that_is_not_pinned(database, bounds):
    saved = SavedRuns(database, bounds)
    entries(database, [1, 2, 3], pinned={2}, size=2**20 * 3 // 4)
    entries(database, [30], visitor="bob", first=3)
    saved.add(finished(run(7)), "ada")
    assert database.flush(60)
    ids = database.read(lambda connection: set(connection.execute(select(saved_runs.c.id)).scalars()))
    assert ids >= {"0", "2", "3"}
    assert "1" not in ids
    assert len(ids) == 4
    assert saved.unsaved_run("ada") is None


@pytest.mark.parametrize(("ages", "pinned"), [([0, 0.01, 0.02], ()), ([1, 2, 3], range(3))])
def test_without_room_a_run_is_not_kept_and_its_visitor_is_told(database, ages, pinned):
    saved = SavedRuns(database, Bounds(count_per_visitor=3))
    entries(database, ages, pinned=pinned)
    saved.add(finished(run(7)), "ada")
    saved.add(finished(run(7)), "bob")
    assert database.flush(60)
    assert count(database, saved_runs) == 4
    missed = saved.unsaved_run("ada")
    assert missed.reason.startswith(
        "You have 3 runs, 0.0029 MB in all. This server keeps at most 3 runs and 100 MB for each visitor."
    )
    assert saved.unsaved_run("bob") is None
    (theirs,) = saved.of_visitor("bob")
    saved.keep("ada", theirs.id)
    assert count(database, saved_runs) == 4, "nor is one of a link kept"
    saved.delete("ada", ["1"])
    assert saved.unsaved_run("ada") is None
    saved.keep("ada", theirs.id)
    assert count(database, saved_runs) == 4
    saved.add(finished(run(7)), "ada")
    assert database.flush(60)
    assert saved.unsaved_run("ada") is None, "they have it"


def test_a_server_that_is_full_of_new_runs_keeps_no_other_and_says_so(database):
    saved = SavedRuns(database, Bounds(count=3))
    entries(database, [0, 0.01, 0.02])
    for seed in range(2):
        saved.add(finished(run(seed)), "bob")
    assert database.flush(60)
    assert (count(database, saved_runs), count(database, stored_runs)) == (3, 3)
    assert saved.unsaved_run("bob").reason.startswith("This server keeps at most 3 runs and 4,000 MB of all visitors")
    assert saved.of_visitor("bob") == []


def test_a_full_server_makes_room_for_each_run_while_it_has_old_ones(database):
    saved = SavedRuns(database, Bounds(count=3))
    entries(database, [2, 3, 4])
    for seed in range(4):
        saved.add(finished(run(seed)), "bob")
    assert database.flush(60)
    assert len(saved.of_visitor("bob")) == 3
    assert saved.unsaved_run("bob").reason.startswith("This server keeps"), "for the fourth one only new ones are left"


def test_a_run_for_which_there_is_no_room_deletes_none_of_its_visitor(database):
    saved = SavedRuns(database, Bounds(count=3, count_per_visitor=3))
    entries(database, [0, 0.01, 0.02])
    saved.add(finished(run(0)), "bob")
    assert database.flush(60)
    assert saved.unsaved_run("bob")
    database.write(lambda connection: connection.execute(update(saved_runs).values(at=time.time() - 7200)))
    saved.add(finished(run(1)), "ada")
    assert database.flush(60)
    assert saved.unsaved_run("ada")
    assert count(database, saved_runs) == 3


def test_a_run_whose_last_other_entry_makes_room_is_stored_again(database):
    saved = SavedRuns(database, Bounds(count=1))
    saved.add(finished(run()), "ada")
    assert database.flush(60)
    database.write(lambda connection: connection.execute(update(saved_runs).values(at=time.time() - 7200)))
    fresh = SavedRuns(database, Bounds(count=1))
    fresh.add(finished(run()), "bob")
    assert database.flush(60)
    (entry,) = fresh.of_visitor("bob")
    assert pack(fresh.open(entry.id)[1]) == pack(run())
    assert fresh.of_visitor("ada") == []


@BOTH
def test_a_page_lists_a_bounded_number_and_with_a_table_all_runs_on_it_are_deleted(database, saved):
    saved.add(finished(run()), "ada")
    with tables_from({table().id: table()}.get):
        on_table, notices = read_query({"csv": [f"{table().id}.1-2.2"], "head": ["a.number_1", "b.yes_2"]})
    assert not notices
    numbers = range(MOST_LISTED + 2)
    each = [on_table.model_copy(update={"training": Training(seed=number)}) for number in numbers]
    summary = Summary.of(run()).model_dump_json()
    stored = [
        {
            "id": 10**6 + number,
            "experiment_hash": experiment.key(),
            "versions": "",
            "packed": b"",
            "bytes": 0,
            "at": 0.0,
        }
        | {"experiment": experiment.model_dump_json(), "summary": summary}
        for number, experiment in enumerate(each)
    ]
    listed = [
        {"id": f"{visitor} {number}", "run": 10**6 + number, "visitor": hashed(visitor), "name": "", "bytes": 0}
        | {"pinned": False, "at": 0.0}
        for visitor in ("ada", "bob")
        for number in numbers
    ]
    database.write(lambda connection: connection.execute(insert(stored_runs), stored))
    database.write(lambda connection: connection.execute(insert(saved_runs), listed))
    assert database.flush(60)
    with tables_from({table().id: table()}.get):
        assert len(saved.of_visitor("ada")) == MOST_LISTED
    saved.delete_on_table("ada", table().id)
    assert [entry.experiment for entry in saved.of_visitor("ada")] == [run().experiment]
    assert count(database, saved_runs) == 1 + len(numbers), "another visitor keeps theirs"


@given(st.binary(max_size=200))
def test_no_bytes_from_a_database_crash_the_reader(data):
    with pytest.raises(Unreadable):
        unpack(data)


def test_damaged_and_cut_runs_are_refused():
    whole = pack(run())
    for damaged in (whole[:-1], whole[: len(whole) // 2], whole[:100] + b"\0" + whole[101:], b""):
        with pytest.raises(Unreadable):
            unpack(damaged)
