"""Tables are stored by their content, bounded, and there after a restart; on SQLite and on PostgreSQL."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from backend.database import Unavailable
from backend.database.tables import own_table_owners, own_tables, runs, saved_runs
from backend.experiment.experiment import usual
from backend.experiment.own_table import MOST_ROWS, TablesUnavailable, tables_from
from backend.experiment.sources import usual_data
from backend.own_csv.reader import Unreadable, parse, text_of
from backend.own_csv.store import OF_NETWORK, OF_VISITOR, OwnTables
from harness.local import until
from tests.builders.own_tables import table


def file(seed=0):
    return table(90 + seed)


def keep(tables, table, visitor=""):
    tables.keep(table, visitor)
    return table


def stored(database):
    return database.read(lambda connection: set(connection.execute(select(own_tables.c.id)).scalars()))


def test_a_table_is_found_after_a_restart_by_an_id_of_its_content(storage):
    database = storage.open()
    kept = keep(OwnTables(database), file(), "somebody")
    until(lambda: kept.id in stored(database))
    again = OwnTables(storage.open())
    assert (again.find(kept.id).rows == kept.rows).all()
    assert again.find(kept.id).names == kept.names
    assert parse(text_of(b"\xef\xbb\xbf" + file().csv().replace(b"\n", b"\r\n"))).id == kept.id, "the numbers decide"
    assert table().id == "c011d3e34846facf171d396cd400b411", "links of before find the same table"
    assert file(1).id != kept.id
    assert again.find("0" * 32) is None


def owners(database):
    return {row.id: row.owner for row in database.read(lambda it: it.execute(select(own_table_owners)).all())}


def test_only_numbers_names_and_a_digest_of_the_owner_are_stored(storage):
    database = storage.open()
    tables = OwnTables(database)
    kept = keep(tables, file(), "somebody")
    until(lambda: owners(database))
    assert {column.name for column in own_tables.columns} == {"id", "packed", "bytes", "at"}
    assert stored(database) == set(owners(database)) == {kept.id}
    assert "somebody" not in owners(database)[kept.id]


def test_only_who_opened_it_can_delete_it_and_the_runs_on_it_go_too(storage):
    database = storage.open()
    tables = OwnTables(database)
    kept, other = keep(tables, file(), "owner"), keep(tables, file(1), "owner")
    until(lambda: set(owners(database)) == {kept.id, other.id})
    with tables_from({each.id: each for each in (kept, other)}.get):
        for number, each in enumerate((kept, other), 1):
            experiment = usual(usual_data(each).source)
            run = {"id": number, "experiment_hash": experiment.key(), "experiment": experiment.model_dump_json()}
            run |= {"versions": "", "summary": "", "packed": b"", "bytes": 0, "at": 0.0}
            entry = {"id": f"entry {number}", "run": number, "visitor": "x", "name": "", "pinned": False, "at": 0.0}
            database.write(lambda it, run=run: it.execute(runs.insert().values(**run)) and None)
            database.write(lambda it, entry=entry: it.execute(saved_runs.insert().values(**entry)) and None)
    until(
        lambda: database.read(lambda it: it.execute(select(saved_runs.c.id)).scalars().all()) == ["entry 1", "entry 2"]
    )
    restarted = OwnTables(storage.open())
    assert not restarted.delete(kept.id, "who has the link")
    assert restarted.find(kept.id)
    assert restarted.owns(kept.id, "owner")
    assert restarted.delete(kept.id, "owner")
    until(lambda: stored(database) == set(owners(database)) == {other.id})
    assert restarted.find(kept.id) is None
    assert database.read(lambda it: it.execute(select(runs.c.id)).scalars().all()) == [2]
    assert database.read(lambda it: it.execute(select(saved_runs.c.id)).scalars().all()) == ["entry 2"]


@pytest.mark.parametrize("last", ["ada", "bob"])
def test_a_file_that_two_have_opened_goes_with_the_last_of_them(storage, last):
    database, elsewhere = storage.open(), storage.open()
    here, there = OwnTables(database), OwnTables(elsewhere)
    kept = keep(here, file(), "ada")
    there.keep(file(), "bob")
    count = select(func.count()).select_from(own_table_owners)
    until(lambda: database.read(lambda it: it.execute(count).scalar()) == 2)
    first = "bob" if last == "ada" else "ada"
    assert not here.delete(kept.id, first)
    until(lambda: database.read(lambda it: it.execute(count).scalar()) == 1)
    assert not here.owns(kept.id, first)
    assert OwnTables(storage.open()).find(kept.id) == kept
    assert keep(here, file(), first) == kept, "who opens it again owns it again"
    until(lambda: database.read(lambda it: it.execute(count).scalar()) == 2)
    assert not here.delete(kept.id, first)
    assert here.delete(kept.id, last)
    until(lambda: stored(database) == set())
    assert not owners(database)


def test_a_file_that_both_give_up_at_once_is_deleted(storage):
    """Each server would still see the other's owner in the database if they did not wait for each other."""
    database = storage.open()
    servers = {visitor: OwnTables(storage.open()) for visitor in ("ada", "bob")}
    for _ in range(5):
        for visitor, tables in servers.items():
            kept = keep(tables, file(), visitor)
        until(lambda: database.read(lambda it: len(it.execute(select(own_table_owners)).all())) == 2)
        with ThreadPoolExecutor() as threads:
            gone = list(threads.map(lambda visitor, id=kept.id: servers[visitor].delete(id, visitor), servers))
        assert sorted(gone) == [False, True]
        assert not stored(database) | set(owners(database))


def test_the_oldest_go_first_and_none_is_found_after_its_time(storage):
    database = storage.open()
    tables = OwnTables(database, days=1, most=2)
    ids = [keep(tables, file(seed)).id for seed in (1, 2, 3)]
    until(lambda: stored(database) == set(ids[1:]))
    done = []
    early = time.time() - 25 * 3600
    database.write(lambda it: it.execute(update(own_tables).values(at=early)) and None, lambda: done.append(1))
    until(lambda: done)
    assert OwnTables(database, days=1).find(ids[2]) is None
    assert OwnTables(database, days=2).find(ids[2])
    newest = keep(tables, file(4)).id
    until(lambda: stored(database) == {newest})


def test_all_tables_together_have_a_bound_in_bytes(storage):
    database = storage.open()
    tables = OwnTables(database, most_bytes=3_000)
    ids = [keep(tables, file(seed)).id for seed in (1, 2, 3, 4, 5)]
    until(lambda: ids[-1] in stored(database))
    assert database.read(lambda it: it.execute(select(func.sum(own_tables.c.bytes))).scalar_one()) <= 3_000
    assert 0 < len(stored(database)) < 5


class Nowhere:
    """A database that is down."""

    def write(self, work):
        pass

    def read(self, query):
        raise Unavailable("the disk is full")

    def commit(self, work, seconds, then):
        raise Unavailable("the disk is full")


def test_what_is_opened_is_counted_before_it_is_known_to_be_a_table():
    tables = OwnTables(Nowhere())
    blank = [b"\n" * (MOST_ROWS + number) + b"1" for number in range(1, OF_NETWORK + 1)]
    for number, each in enumerate(blank):
        with pytest.raises(Unreadable, match="lines"):
            tables.text(each, f"visitor {number // OF_VISITOR}", "a network")
    with pytest.raises(Unreadable, match=r"you have opened 40 different CSV files"):
        tables.text(b"a,b", "visitor 0", "elsewhere")
    with pytest.raises(Unreadable, match=r"your network has opened 200 different CSV files"):
        tables.text(b"a,b", "a new one", "a network")
    with pytest.raises(Unreadable, match="lines"):
        tables.text(blank[0], "visitor 0", "a network")
    assert tables.text(b"a,b", "a new one", "elsewhere") == "a,b"


def test_without_the_database_what_is_in_memory_is_found_and_the_reason_is_said_of_others():
    tables = OwnTables(Nowhere())
    kept = keep(tables, file(), "somebody")
    assert tables.find(kept.id) == kept
    assert tables.owns(kept.id, "somebody")
    with pytest.raises(TablesUnavailable, match="the disk is full"):
        tables.find("0" * 32)
    with pytest.raises(TablesUnavailable, match="the disk is full"):
        tables.delete(kept.id, "somebody")
    assert tables.find(kept.id) == kept, "nothing is deleted"
    assert tables.owns(kept.id, "somebody")
