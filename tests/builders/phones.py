"""A participant's phone that asks the server itself, and what its pages have of a question and of a measurement."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

from backend.rooms import Rooms, RoomView, phone
from backend.rooms.machine import STAGES
from backend.rooms.parts import Part
from backend.rooms.phone import Panels
from backend.web.cookie import COOKIE
from backend.web.phones import Pages
from tests.builders.rooms import Classroom

DOCUMENT = "<!doctype html><title>Room</title>"
MEASURED = "The workers measured 42."


#: Whether the panels of a question have a defect.
BROKEN = {"asked": False}


def asked(view: RoomView, position: int) -> tuple[list[Part], bool]:
    if BROKEN["asked"]:
        raise ZeroDivisionError("a defect")
    return [], False


#: Whether the workers still measure.
WAITING = {"measured": False}


def measured(view: RoomView, position: int, explained: bool) -> tuple[list[Part], bool]:
    return [Part(("Keras measures …" if WAITING["measured"] else MEASURED,))], WAITING["measured"]


PANELS = Panels(asked, measured, lambda step: {})


def pages(rooms: Rooms) -> Pages:
    """What phones show of these rooms, with the data of questions and results in place of HTML; a board without any."""

    def page(view: RoomView) -> phone.Page:
        shown = phone.page(view, rooms.training, PANELS)
        shown.html = [repr(shown.content or shown.results)]
        return shown

    def result(view: RoomView, position: int) -> str:
        return repr(phone.result(view, position, STAGES, rooms.training, PANELS))

    return Pages(page, result, lambda view, site: phone.Shown())


class Phone:
    """A browser that knows its cookie and nothing else. It sends what the page's script sends."""

    def __init__(self, address: str, origin: str | None = None) -> None:
        self.address, self.origin, self.visitor = address, origin or f"http://{address}", ""
        self.room, self.page, self.own = "", {}, {}
        self.retry = 0  # milliseconds after which a browser opens the stream again
        self.received = b""  # all that the server has sent
        self._stream: http.client.HTTPConnection | None = None

    def ask(self, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        headers = {"Cookie": f"{COOKIE}={self.visitor}"} if self.visitor else {}
        if body is None:
            connection.request("GET", path, headers=headers)
        else:
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request("POST", path, text, {**headers, "Content-Type": kind, "Origin": self.origin})
        response = connection.getresponse()
        text = response.read()
        self.received += text
        for cookie in response.headers.get_all("set-cookie") or []:
            if cookie.startswith(f"{COOKIE}="):
                self.visitor = cookie.split(";")[0].partition("=")[2]
        connection.close()
        if response.status == 303:
            return 303, response.headers["location"]
        return response.status, json.loads(text) if text.startswith(b"{") else text.decode()

    def try_to_join(self, code: str, **more: str) -> tuple[int, Any]:
        """A 200 with the participant's number, or the status with why the room refuses."""
        status, told = self.ask("/rooms/join", {"code": code, **more})
        if status != 200:
            return status, told["refused"]
        self.room, self.page, self.own = told["room"], told["page"], told["own"]
        return status, self.own["number"]

    def join(self, room: Classroom) -> None:
        status, told = self.try_to_join(room.opened.room.code)
        assert status == 200, told

    def answer(self, option: int, step: int = 0, round: int = 1, sure: str = "", asked: int = 0) -> tuple[int, Any]:
        body = {"step": step, "round": round, "asked": asked, "option": option, "sure": sure}
        return self.ask(f"/rooms/{self.room}/answer", body)

    def now(self) -> Any:
        status, told = self.ask(f"/rooms/{self.room}/page?once")
        assert status == 200, told
        return told["page"]

    def open(self) -> int:
        """Open the stream of the room. Returns the status of the answer."""
        self.leave()
        self._stream = http.client.HTTPConnection(self.address, timeout=60)
        headers = {"Cookie": f"{COOKIE}={self.visitor}"}
        self._stream.request("GET", f"/rooms/{self.room}/page", headers=headers)
        self._response = self._stream.getresponse()
        return self._response.status

    def events(self) -> Iterator[tuple[str, Any]]:
        """The name and the data of each event of the open stream."""
        name = "message"
        for line in self._response:
            self.received += line
            key, _, value = line.decode().strip().partition(": ")
            if key == "retry":
                self.retry = int(value)
            elif key == "event":
                name = value
            elif key == "data":
                yield name, json.loads(value)
            elif not key:
                name = "message"

    def follow(self) -> Iterator[Any]:
        """Each page that the stream tells; a sentence at its end. `own` has what it tells of the participant."""
        assert self.open() == 200
        for _, told in self.events():
            if isinstance(told, str):
                yield told
                return
            self.own = told["own"]
            yield told["page"]

    def drawn(self, version: int, states: Iterator[Any]) -> Any:
        """The first of the states with that version, or with a later one."""
        return next(each for each in states if each["version"] >= version)

    def versions(self) -> Iterator[int]:
        """The version of each state of the open stream."""
        return (told["page"]["version"] for _, told in self.events() if isinstance(told, dict))

    def leave(self) -> None:
        if self._stream is not None:
            self._stream.close()

    def __enter__(self) -> Phone:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
