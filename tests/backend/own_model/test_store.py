"""Models are stored by their content, bounded, and there after a restart; on SQLite and on PostgreSQL."""

import json
import time
import zlib

import pytest
from sqlalchemy import func, insert, select, update

from backend.database.quota import DAY, Quota
from backend.database.tables import own_networks
from backend.own_model.refusal import ModelRefused
from backend.own_model.store import OF_NETWORK, OF_VISITOR, OwnModel, OwnModels
from harness.local import until


def configuration(units=3, **others):
    """A Sequential model as Keras 3 writes it."""
    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"name": "out", "units": units}}
    inputs = {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "x"}}
    config = {"name": "mine", "layers": [inputs, dense]}
    return json.dumps({"module": "keras", "class_name": "Sequential", "config": config, **others})


def stored(database):
    return database.read(lambda connection: set(connection.execute(select(own_networks.c.id)).scalars()))


def test_an_architecture_is_found_after_a_restart_by_an_id_of_its_content(storage):
    database = storage.open()
    id = OwnModels(database).keep(configuration())
    until(lambda: id in stored(database))
    again = OwnModels(storage.open())
    text = again.find(id).text
    assert json.loads(text)["config"]["name"] == "mine"
    assert again.keep(text) == id
    assert again.keep(configuration(4)) != id
    assert again.find("0" * 32) is None


def test_only_the_architecture_is_stored(storage):
    database = storage.open()
    networks = OwnModels(database)
    compiled = configuration(compile_config={"optimizer": "a secret"}, build_config={"input_shape": [1, 2]})
    id = networks.keep(compiled)
    assert id == networks.keep(configuration())
    assert set(json.loads(networks.find(id).text)) == {"module", "class_name", "config", "registered_name"}
    assert {column.name for column in own_networks.columns} == {"id", "packed", "bytes", "at"}


def test_what_the_app_does_not_read_is_not_stored(storage):
    database = storage.open()
    networks = OwnModels(database)
    with pytest.raises(ModelRefused, match="Lambda"):
        networks.keep(configuration().replace('"Dense"', '"Lambda"'))
    id = networks.keep(configuration())
    until(lambda: stored(database))
    assert stored(database) == {id}


def test_a_deleted_architecture_is_gone(storage):
    database = storage.open()
    networks = OwnModels(database)
    id = networks.keep(configuration())
    until(lambda: stored(database))
    networks.delete(id)
    until(lambda: not stored(database))
    assert networks.find(id) is None


def test_the_oldest_go_first_and_none_is_found_after_its_time(storage):
    database = storage.open()
    networks = OwnModels(database, days=1, most=2)
    ids = [networks.keep(configuration(units)) for units in (1, 2, 3)]
    until(lambda: stored(database) == set(ids[1:]))
    done = []
    early = time.time() - 25 * 3600
    database.write(lambda it: it.execute(update(own_networks).values(at=early)) and None, lambda: done.append(1))
    until(lambda: done)
    assert OwnModels(database, days=1).find(ids[2]) is None
    assert OwnModels(database, days=2).find(ids[2])
    newest = networks.keep(configuration(4))
    until(lambda: stored(database) == {newest})


def test_all_architectures_together_have_a_bound_in_bytes(storage):
    database = storage.open()
    networks = OwnModels(database, most_bytes=400)
    ids = [networks.keep(configuration(units)) for units in (1, 2, 3, 4)]
    until(lambda: ids[-1] in stored(database))
    size = select(func.sum(own_networks.c.bytes))
    assert database.read(lambda it: it.execute(size).scalar_one()) <= 400
    assert len(stored(database)) < 4


@pytest.mark.parametrize("text", [configuration(), json.dumps({"text": configuration(), "found": {"position": 0}})])
def test_what_an_earlier_version_stored_is_found(storage, text):
    """It stored the configuration alone, or beside it what was found in another form."""
    database = storage.open()
    row = {"id": "0" * 32, "packed": zlib.compress(text.encode()), "bytes": 1, "at": time.time()}
    database.commit(lambda connection: connection.execute(insert(own_networks).values(row)) and None, 60)
    assert OwnModels(database).find("0" * 32) == OwnModel(text=configuration())


def test_a_visitor_and_a_network_may_store_so_many_a_day():
    now = [0.0]
    quota = Quota("models", OF_VISITOR, OF_NETWORK, ModelRefused, lambda: now[0])
    for number in range(OF_VISITOR):
        quota.count(f"id {number}", "somebody", "a network")
    with pytest.raises(ModelRefused, match="In the last 24 hours you have opened 50 different models"):
        quota.count("another", "somebody", "a network")
    quota.count("id 3", "somebody", "a network")
    for number in range(OF_NETWORK - OF_VISITOR):
        quota.count(f"of {number}", f"visitor {number}", "a network")
    with pytest.raises(ModelRefused, match="your network has opened 1,000"):
        quota.count("another", "a new one", "a network")
    quota.count("another", "a new one", "another network")
    now[0] = DAY + 1
    quota.count("another", "somebody", "a network")
