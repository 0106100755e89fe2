"""Routes of a phone for the questions from the room, and the notice of them for all phones.

A vote costs no phone a message of its own. The list is JSON that is made once for all phones. Streams bring only a
notice, at most every few seconds: how many questions are open, and a tag that changes with the list. A phone whose
list is open then fetches it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Sized

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from backend.rooms import Refused, Rooms, RoomView
from backend.rooms.question_list import NewQuestion, Vote, open_count
from backend.web.phone_requests import NO_STORE, Bodies, answered, json_answer, participant_of

#: Seconds between two looks for changes, and the fewest and the most between two notices of changed lists.
_LOOK, _SOONEST, _LATEST = 1.0, 3.0, 60.0
#: The most bytes a second for the lists of a room if every phone fetches each. A class shares one wireless network.
_BYTES_PER_SECOND = 1e6
#: What a phone is told in a room that takes no questions.
_NONE = b"null"


class QuestionNews:
    """The questions from one room as its phones get them. Use it on the event loop."""

    def __init__(self, rooms: Rooms, id: str) -> None:
        self._rooms, self._id = rooms, id
        self._made_of = self._told_of = (-1, -1)  # the versions of the room and of its questions
        self._told_removed = 0  # how many questions were removed then
        self._text = self._head = self._notice = b""
        self._told_at = 0.0

    def listed(self, view: RoomView) -> bytes:
        """The list as JSON, made anew if the room has changed."""
        versions = view.room.version, view.questions.version
        if versions != self._made_of:
            listed = view.listed_questions
            questions = json.dumps([each.model_dump() for each in listed], ensure_ascii=False).encode()
            tag = hashlib.sha256(questions).hexdigest()[:12]
            head = json.dumps({"count": open_count(listed), "tag": tag}).encode()
            self._made_of = versions
            self._head, self._text = head, head[:-1] + b', "questions": ' + questions + b"}"
        return self._text

    def notice(self, readers: int) -> bytes:
        """The notice for all phones, as JSON. It changes at most every 3 seconds, and less often for many phones.

        `readers` is how many phones follow the room. If the room itself has changed, or if the host has removed a
        question, the notice changes at once.
        """
        view = self._rooms.peek(self._id)
        if view is None or not view.takes_questions:
            self._told_of = -1, -1
            return _NONE
        versions = view.room.version, view.questions.version
        seconds = min(max(_SOONEST, len(self._text) * readers / _BYTES_PER_SECOND), _LATEST)
        late = time.monotonic() - self._told_at > seconds
        removed = view.questions.removed_count
        urgent = versions[0] != self._told_of[0] or removed != self._told_removed
        if urgent or (versions != self._told_of and late):
            self.listed(view)
            self._told_removed = removed
            self._told_of, self._told_at, self._notice = versions, time.monotonic(), self._head
        return self._notice

    def watch(self, readers: Sized, wake: Callable[[], None]) -> Callable[[], None]:
        """Call `wake` whenever there is another notice for the `readers`. Returns a function that ends this."""

        async def look() -> None:
            before = self.notice(len(readers))
            while True:
                await asyncio.sleep(_LOOK)
                notice = self.notice(len(readers))
                if notice != before:
                    wake()
                before = notice

        task = asyncio.get_running_loop().create_task(look())

        def end() -> None:
            task.cancel()

        return end


def question_routes(
    rooms: Callable[[], Rooms], news: Callable[[str], QuestionNews], body: Bodies, prefix: str
) -> list[BaseRoute]:
    """The routes below `prefix`. `news` gives the `QuestionNews` of a room, and `body` reads requests."""

    async def questions(request: Request) -> Response:
        """The list, and for which questions the participant has voted."""
        view, who = await participant_of(rooms(), request)
        if not view.takes_questions:
            raise Refused("The host takes no questions now.")
        own = json.dumps({"own": view.questions.voted_by(who.number)}).encode()
        text = own[:-1] + b", " + news(view.room.id).listed(view)[1:]
        return Response(text, media_type="application/json", headers=NO_STORE)

    async def ask(request: Request) -> Response:
        """Store a question. The same one may be sent again."""
        sent = await body.read(request, NewQuestion)
        id, (_, who) = request.path_params["room"], await participant_of(rooms(), request)
        change = await asyncio.to_thread(rooms().questions.ask, id, who, sent.text)
        return json_answer({"question": change.question, "new": change.is_new})

    async def vote(request: Request) -> Response:
        """Store a vote, or take it back. The same one may be sent again."""
        sent = await body.read(request, Vote)
        id, (_, who) = request.path_params["room"], await participant_of(rooms(), request)
        await asyncio.to_thread(rooms().questions.vote, id, who, sent.question, sent.up)
        return json_answer({"stored": True})

    return [
        Route(f"{prefix}/rooms/{{room}}/questions", answered(questions), methods=["GET"]),
        Route(f"{prefix}/rooms/{{room}}/questions", answered(ask), methods=["POST"]),
        Route(f"{prefix}/rooms/{{room}}/votes", answered(vote), methods=["POST"]),
    ]
