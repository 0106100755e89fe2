"""The preview of a lesson: its file's stamp, its faults, and a room at the wanted question in place of the last one."""

from __future__ import annotations

import json
from http.client import HTTPConnection

from starlette.applications import Starlette

from backend.database import Database
from backend.lessons import load
from backend.web.lesson_preview import PATH, preview_routes
from tests.builders.asgi import get, serve
from tests.builders.lessons import KINDS
from tests.builders.rooms import make_tables, rooms_on


def told(address, path):
    return json.loads(get(address, f"/{PATH}/{path}").read())


def opened(address, origin=None, **wanted):
    connection = HTTPConnection(address, timeout=60)
    headers = {"Content-Type": "application/json", "Origin": origin or f"http://{address}"}
    connection.request("POST", f"/{PATH}/open", json.dumps(wanted), headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def test_a_room_follows_the_file(tmp_path):
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "kinds.md").write_text(KINDS)
    database = Database(tmp_path)
    make_tables(database)
    rooms = rooms_on(database)
    app = Starlette(routes=preview_routes(lambda: rooms, lambda: load(folder), "<!doctype html>"))
    with serve(app) as address:
        (before,) = told(address, "lessons")["lessons"]
        assert before["steps"] == ["How much", "Which", "Alone"]
        status, first = opened(address, lesson="kinds", step=1)
        assert status == 200
        view = rooms.view(first["room"])
        assert view is not None
        assert (view.room.state.phase, view.room.state.step) == ("ask", 1)
        assert first["phone"].endswith(view.room.code)
        (folder / "kinds.md").write_text(KINDS.replace("What holds?", "What really holds?"))
        (folder / "broken.md").write_text(KINDS.replace("answer: several", "answer: all"))
        now = told(address, "lessons")
        assert now["lessons"][0]["stamp"] != before["stamp"]
        assert now["faults"][0].startswith("broken.md:")
        status, second = opened(address, lesson="kinds", step=99, room=first["room"])
        assert (status, rooms.view(second["room"]).room.state.step) == (200, 2)
        assert rooms.view(first["room"]) is None, "it was deleted"
        assert opened(address, lesson="nothing", step=0)[0] == 409
        assert opened(address, origin="https://evil.example", lesson="kinds", step=0)[0] == 403
    rooms.close()
    database.close()
