"""The preview of a lesson for its author: phone, board and host on one screen, in a room that follows the file.

The routes exist only on the server that `make lesson-preview` starts (`TWOHEADS_LESSONS_PREVIEW`).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Container
from contextlib import suppress

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from backend.lessons import Lesson, Shelf
from backend.lessons.library import SHIPPED
from backend.lessons.writer import write
from backend.rooms import Refused, Rooms
from backend.rooms.machine import Action
from backend.web.base_path import prefix_of
from backend.web.cookie import new_visitor, visitor_in
from backend.web.phone_requests import NO_STORE, Bodies, answered, json_answer

#: Below the address of the board, which is no page of Streamlit either.
PATH = "board/preview"


class Wanted(BaseModel):
    """Which question to show: the lesson and its position. `room` is the preview's last room, which is deleted."""

    model_config = ConfigDict(strict=True, extra="forbid")

    lesson: str = Field(max_length=80)
    step: int = Field(ge=0, le=1000)
    room: str = Field("", max_length=80)


def preview_routes(
    rooms: Callable[[], Rooms], shelf: Callable[[], Shelf], html: str, base: str = "", origins: Container[str] = ()
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `html` is the document of the preview."""
    prefix, body = prefix_of(base), Bodies(origins, ())
    last: set[str] = set()  # rooms that this preview has opened, and may delete

    async def document(_: Request) -> Response:
        return HTMLResponse(html)

    async def lessons(_: Request) -> Response:
        """The lessons as their files are now, with a stamp that changes with each, and the faults of the files.

        The author's own come first, because the page begins with the first one.
        """
        known = await asyncio.to_thread(shelf)
        own_first = sorted(known.lessons, key=lambda each: each.folder == str(SHIPPED))
        listed = [
            {"id": each.id, "title": each.title, "file": each.file, "stamp": _stamp(each),
             "steps": [step.title for step in each.steps]}
            for each in own_first
        ]  # fmt: skip
        return json_answer({"lessons": listed, "faults": [error.sentence for error in known.errors]})

    async def open_room(request: Request) -> Response:
        """Open a room at a question, in place of the last one, and say where its pages are."""
        wanted = await body.read(request, Wanted)
        visitor = visitor_in(request.cookies) or new_visitor()
        address = request.client.host if request.client else ""

        def work() -> dict[str, str]:
            lesson = shelf().lesson(wanted.lesson)
            if lesson is None:
                raise Refused("This lesson is not there, or its file has a fault.")
            if wanted.room in last:
                last.discard(wanted.room)
                with suppress(Refused):  # it may be gone
                    rooms().host.delete(wanted.room)
            opened = rooms().open(lesson, visitor, address)
            id = opened.room.id
            last.add(id)
            skipped: list[Action] = ["skip"] * min(wanted.step, len(lesson.steps) - 1)
            version = opened.room.version
            for action in ("begin", *skipped):
                version = rooms().host.act(id, action, version).version
            return {
                "room": id, "host": f"{prefix}/rooms/host/{id}/{opened.host}", "board": f"{prefix}/room?board={id}",
                "phone": f"{prefix}/join/{opened.room.code}",
            }  # fmt: skip

        return json_answer(await asyncio.to_thread(work), headers=NO_STORE)

    return [
        Route(f"{prefix}/{PATH}", document),
        Route(f"{prefix}/{PATH}/lessons", answered(lessons)),
        Route(f"{prefix}/{PATH}/open", answered(open_room), methods=["POST"]),
    ]


def _stamp(lesson: Lesson) -> str:
    return hashlib.sha256(write(lesson).encode("utf-8", "replace")).hexdigest()[:16]
