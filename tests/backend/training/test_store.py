"""Finished runs in the database: each visitor's own, opened by anybody who has the link, within bounds."""

import time

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from backend.database import Database, Unavailable
from backend.database.tables import runs as stored_runs
from backend.database.tables import saved_runs
from backend.database.visitors import hashed
from backend.experiment import Experiment
from backend.experiment.own_table import tables_from
from backend.experiment.url import read_query
from backend.jobs.runtime import versions
from backend.training.store import (
    MOST_LISTED,
    MOST_NAME,
    Bounds,
    RunStore,
    Summary,
    deciding_versions,
    pack,
    prune,
    unpack,
)
from tests.builders.own_tables import table
from tests.builders.runs import finished, run
from tests.builders.storage import BOTH, sqlite_first

storage = sqlite_first

HOUR = 3600


class Server:
    """A server with the database, which trains for visitors."""

    def __init__(self, database, bounds=None):
        self.database, self.saved = database, RunStore(database, bounds)
        self.of_visitor = self.saved.of_visitor

    def bounded(self, **bounds):
        """Another server with this database, and these bounds."""
        return Server(self.database, Bounds(**bounds))

    def trains(self, visitor, *seeds):
        for seed in seeds or (0,):
            self.saved.add(finished(run(seed)), visitor)
        assert self.database.flush(60)

    def execute(self, statement, *rows):
        self.database.write(lambda connection: connection.execute(statement, *rows))
        assert self.database.flush(60)

    def count(self, table):
        return self.database.read(lambda it: it.execute(select(func.count()).select_from(table)).scalar())

    def ids(self):
        return self.database.read(lambda it: set(it.execute(select(saved_runs.c.id)).scalars()))

    def has(self, ages, pinned=(), size=1000, shared=False, visitor="ada"):
        """Entries of these ages in days, each with a run of its own of `size` bytes unless it is shared."""
        first = self.count(saved_runs)
        numbers = range(first, first + len(ages))
        of_runs = [
            {"id": 10**6 + number, "experiment_hash": str(number), "versions": "", "experiment": "", "summary": ""}
            | {"packed": b"", "bytes": size, "at": 0.0}
            for number in (numbers[:1] if shared else numbers)
        ]
        of_visitors = [
            {"id": str(number), "run": 10**6 + (first if shared else number), "name": "", "bytes": size}
            | {"visitor": str(number) if shared else hashed(visitor), "pinned": number - first in pinned}
            | {"at": time.time() - days * 24 * HOUR}
            for number, days in zip(numbers, ages, strict=True)
        ]
        self.execute(insert(stored_runs), of_runs)
        self.execute(insert(saved_runs), of_visitors)

    def left(self, **bounds):
        """What is kept within these bounds; a run that nobody has is not."""
        self.database.write(lambda connection: prune(connection, Bounds(**bounds)))
        assert self.database.flush(60)
        unused = ~select(saved_runs.c.id).where(saved_runs.c.run == stored_runs.c.id).exists()
        assert not self.database.read(lambda it: it.execute(select(stored_runs.c.id).where(unused)).all())
        return self.ids()


@pytest.fixture
def server(storage):
    return Server(storage.open())


@BOTH
def test_a_finished_run_is_there_after_a_restart_with_every_bit(storage, server):
    mine = run(3)
    mine.epochs[0].left.total, mine.epochs[0].right.total = float("nan"), float("inf")
    server.saved.add(finished(mine), "ada")
    after = RunStore(storage.restarted(server.database))
    (entry,) = after.of_visitor("ada")
    assert (entry.experiment, entry.name, entry.pinned) == (mine.experiment, "", False)
    assert entry.at == pytest.approx(time.time(), abs=60)
    assert entry.summary.epochs == len(mine.epochs)
    found_entry, found = after.open(entry.id)
    again, at = after.find(mine.experiment)
    assert (found_entry.id, at) == (entry.id, entry.at)
    assert pack(found) == pack(again) == pack(mine)
    for side in ("left", "right"):
        np.testing.assert_array_equal(found.weights[side]["dense"][0], mine.weights[side]["dense"][0])
        assert found.weights[side]["dense"][0].dtype == np.float32


@BOTH
def test_an_equal_run_is_stored_once_and_each_visitor_has_their_own_entry(server):
    for visitor in ("ada", "bob", "ada"):
        server.trains(visitor)
    assert (server.count(stored_runs), server.count(saved_runs)) == (1, 2)
    (ada,), (bob,) = server.of_visitor("ada"), server.of_visitor("bob")
    assert ada.id != bob.id
    assert len(ada.id) >= 22, "128 bits, so that nobody guesses one"
    for entry in (ada, bob):
        server.saved.delete("ada", entry.id)
    assert server.of_visitor("ada") == []
    assert server.saved.open(ada.id) is None
    assert server.saved.open(bob.id) is not None, "a visitor deletes only their own"
    server.saved.delete("bob", bob.id)
    assert server.count(stored_runs) == 0, "a run that nobody has is deleted"


@BOTH
def test_only_its_visitor_names_and_pins_a_run(server):
    server.trains("ada", 0, 1, 2)
    saved, first = server.saved, server.of_visitor("ada")[-1]
    saved.rename("bob", first.id, "Bob's")
    saved.pin("bob", first.id, True)
    assert not any(entry.pinned or entry.name for entry in saved.of_visitor("ada"))
    saved.rename("ada", first.id, "  the \n first " + "x" * 200)
    saved.pin("ada", first.id, True)
    top = saved.of_visitor("ada")[0]
    assert (top.id, top.pinned) == (first.id, True)
    assert top.name.startswith("the first xxx")
    assert len(top.name) == MOST_NAME
    server.trains("ada", 0)
    saved.pin("ada", first.id, False)
    assert any(entry.name == top.name for entry in saved.of_visitor("ada")), "training it again keeps the name"


def test_a_run_of_other_versions_is_listed_but_not_found_as_equal(server):
    old = run(versions={"keras": "3.0", "tensorflow": "2.16", "numpy": "1.26", "two_heads": "0.1"})
    server.saved.add(finished(old), "ada")
    assert server.database.flush(60)
    assert server.saved.find(old.experiment) is None
    assert len(server.of_visitor("ada")) == 1
    server.trains("ada")
    assert server.saved.find(old.experiment)
    assert len(server.of_visitor("ada")) == 2
    now = versions()
    assert deciding_versions(now | {"trainer": "other"}) != deciding_versions(now)
    assert deciding_versions(now | {"two-heads": "other"}) == deciding_versions(now)


@BOTH
def test_rows_that_this_version_cannot_read_are_skipped(server):
    server.trains("ada", 0, 1)
    broken, other = server.of_visitor("ada")
    for entry, damage in ((broken, {"experiment": "{"}), (other, {"packed": b"?"})):
        server.execute(
            update(stored_runs).where(stored_runs.c.experiment_hash == entry.experiment.key()).values(damage)
        )
        assert server.saved.open(entry.id) is None
    assert [entry.id for entry in server.of_visitor("ada")] == [other.id]
    assert server.saved.find(other.experiment) is None


@pytest.mark.slow
def test_where_the_database_fails_a_run_is_saved_once_that_is_possible_again(tmp_path):
    file = tmp_path / "file"
    file.touch()
    database = Database(file / "below")
    saved = RunStore(database)
    for seed in (1, 1, 2):
        saved.add(finished(run(seed)), "ada")
    assert saved.of_visitor("ada") == []
    with pytest.raises(Unavailable):
        saved.open("another")
    assert saved.find(Experiment()) is None
    assert saved.problem == "the folder for it cannot be used"
    file.unlink()  # the folder can be created now
    assert database.flush(30)
    assert [entry.experiment.training.seed for entry in saved.of_visitor("ada")] == [2, 1]
    database.close()


KB = 1000 / 2**20


@pytest.mark.parametrize(
    ("ages", "pinned", "bounds", "expected"),
    [
        ([1, 2, 3, 4], {3}, {}, {0, 1, 2, 3}),
        ([1, 2, 3, 4], {3}, {"days": 2.5}, {0, 1, 3}),
        ([1, 2, 3, 4], {3}, {"count": 3}, {0, 1, 3}),
        ([1, 2, 3, 4], {3}, {"count": 1}, {3}),
        ([1, 2, 3, 4], {3}, {"megabytes": 2 * KB}, {0, 3}),
        ([1, 2, 3, 4], {3}, {"megabytes": 0}, set()),
        (range(1, 61), range(2, 60), {"megabytes": 58.5 * KB}, {*range(2, 60)}),  # no pinned one while there are others
    ],
)
def test_old_entries_go_first_and_pinned_ones_last(server, ages, pinned, bounds, expected):
    server.has(ages, pinned)
    assert server.left(**bounds) == {*map(str, expected)}


@BOTH
@pytest.mark.parametrize("bounds", [{"count": 4}, {"megabytes": 4 * KB}])
def test_whoever_has_most_loses_first(server, bounds):
    server.has([1, 2, 3])  # 0 to 2
    server.has([50, 51], visitor="bob")  # 3 and 4
    assert server.left(**bounds) == {"0", "1", "3", "4"}


@pytest.mark.parametrize("bounds", [{"count_per_visitor": 3}, {"megabytes_per_visitor": 2.26}])
def test_a_new_run_replaces_the_oldest_of_its_visitor_that_is_not_pinned(server, bounds):
    server.has([1, 2, 3], pinned={2}, size=2**20 * 3 // 4)
    server.has([30], visitor="bob")
    server = server.bounded(**bounds)
    server.trains("ada", 7)
    assert server.ids() >= {"0", "2", "3"}
    assert "1" not in server.ids()
    assert len(server.ids()) == 4


@BOTH
def test_a_page_lists_a_bounded_number_and_with_a_table_all_runs_on_it_are_deleted(server):
    server.trains("ada")
    numbers = range(1, MOST_LISTED + 3)
    for visitor in ("ada", "bob"):
        server.has([99] * len(numbers), visitor=visitor)
    mine = table()
    with tables_from({mine.id: mine}.get):
        on_table, notices = read_query({"csv": [f"{mine.id}.1-2.2"], "head": ["a.number_1", "b.yes_2"]})
        assert not notices
        values = {"experiment": on_table.model_dump_json(), "summary": Summary.of(run()).model_dump_json()}
        server.execute(update(stored_runs).where(stored_runs.c.id > 10**6).values(values))
        assert len(server.of_visitor("ada")) == MOST_LISTED
    server.saved.delete_on_table("ada", mine.id)
    assert [entry.experiment for entry in server.of_visitor("ada")] == [run().experiment]
    assert server.count(saved_runs) == 1 + len(numbers), "another visitor keeps theirs"


WHOLE = pack(run())


@given(st.binary(max_size=200))
@example(WHOLE[:-1])
@example(WHOLE[: len(WHOLE) // 2])
@example(WHOLE[:100] + b"\0" + WHOLE[101:])
def test_no_bytes_from_a_database_crash_the_reader(data):
    assert unpack(data) is None
