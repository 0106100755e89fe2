"""Architectures are stored by their content, bounded, and there after a restart; on SQLite and on PostgreSQL."""

import json
import time

import pytest
from backend.own_network.examination import examine
from backend.own_network.refusal import Refused
from backend.own_network.store import OwnNetworks
from sqlalchemy import func, select, update

from backend.database.tables import own_networks
from harness.local import until


def configuration(units=3, **others):
    dense = {"class_name": "Dense", "config": {"name": "out", "units": units}}
    inputs = {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "features"}}
    return json.dumps({"class_name": "Sequential", "config": {"name": "mine", "layers": [inputs, dense]}, **others})


def stored(database):
    return database.read(lambda connection: set(connection.execute(select(own_networks.c.id)).scalars()))


def test_an_architecture_is_found_after_a_restart_by_an_id_of_its_content(storage):
    database = storage.open()
    id = OwnNetworks(database).keep(configuration())
    until(lambda: id in stored(database))
    again = OwnNetworks(storage.open())
    found = again.find(id)
    assert examine(found).name == "mine"
    assert again.keep(found) == id
    assert again.keep(configuration(4)) != id
    assert again.find("0" * 32) is None


def test_only_the_architecture_is_stored(storage):
    database = storage.open()
    networks = OwnNetworks(database)
    compiled = configuration(compile_config={"optimizer": "a secret"}, build_config={"input_shape": [1, 2]})
    id = networks.keep(compiled)
    assert id == networks.keep(configuration())
    assert set(json.loads(networks.find(id))) == {"class_name", "config"}
    assert {column.name for column in own_networks.columns} == {"id", "packed", "bytes", "at"}


def test_what_the_app_does_not_read_is_not_stored(storage):
    database = storage.open()
    networks = OwnNetworks(database)
    with pytest.raises(Refused, match="Lambda"):
        networks.keep(configuration().replace('"Dense"', '"Lambda"'))
    id = networks.keep(configuration())
    until(lambda: stored(database))
    assert stored(database) == {id}


def test_a_deleted_architecture_is_gone(storage):
    database = storage.open()
    networks = OwnNetworks(database)
    id = networks.keep(configuration())
    until(lambda: stored(database))
    networks.delete(id)
    until(lambda: not stored(database))
    assert networks.find(id) is None


def test_the_oldest_go_first_and_none_is_found_after_its_time(storage):
    database = storage.open()
    networks = OwnNetworks(database, days=1, most=2)
    ids = [networks.keep(configuration(units)) for units in (1, 2, 3)]
    until(lambda: stored(database) == set(ids[1:]))
    done = []
    early = time.time() - 25 * 3600
    database.write(lambda it: it.execute(update(own_networks).values(at=early)) and None, lambda: done.append(1))
    until(lambda: done)
    assert OwnNetworks(database, days=1).find(ids[2]) is None
    assert OwnNetworks(database, days=2).find(ids[2])
    newest = networks.keep(configuration(4))
    until(lambda: stored(database) == {newest})


def test_all_architectures_together_have_a_bound_in_bytes(storage):
    database = storage.open()
    networks = OwnNetworks(database, most_bytes=400)
    ids = [networks.keep(configuration(units)) for units in (1, 2, 3, 4)]
    until(lambda: ids[-1] in stored(database))
    size = select(func.sum(own_networks.c.bytes))
    assert database.read(lambda it: it.execute(size).scalar_one()) <= 400
    assert len(stored(database)) < 4


def test_a_name_of_half_a_character_is_stored_and_found(storage):
    networks = OwnNetworks(storage.open())
    id = networks.keep(configuration().replace("mine", "\\ud800"))
    assert examine(networks.find(id)).name == "layer"
