"""What participants and host may do with the questions from the room."""

from __future__ import annotations

import time
from collections.abc import Callable

from backend.rooms import question_store, store
from backend.rooms.access import RoomAccess
from backend.rooms.model import Participant, Refused
from backend.rooms.question_list import FEWEST_SIGNS, MOST_SIGNS, Status, cleaned
from backend.rooms.question_store import Change, Result


class RoomQuestions:
    """Lets participants ask and vote, and the host mark and remove. A caller of `mark` has checked the host's token."""

    def __init__(self, access: RoomAccess, clock: Callable[[], float] = time.time) -> None:
        self._access = access
        self._clock = clock

    def ask(self, id: str, who: Participant, text: str) -> Change:
        """Store a question, or a vote if the same question exists already. Raises Refused."""
        text = cleaned(text)
        if len(text) < FEWEST_SIGNS:
            raise Refused(f"A question has at least {FEWEST_SIGNS} characters.")
        if len(text) > MOST_SIGNS:
            raise Refused(f"A question has at most {MOST_SIGNS} characters. This one has {len(text)}.")
        at = self._clock()
        return self._do(id, lambda connection: question_store.ask(connection, id, who.number, text, at))

    def vote(self, id: str, who: Participant, question: int, up: bool) -> Change:
        """Store the participant's vote, or take it back. Raises Refused."""
        return self._do(id, lambda connection: question_store.vote(connection, id, question, who.number, up))

    def mark(self, id: str, question: int, status: Status) -> None:
        """Mark a question as answered, remove it, or put it back into the list. Raises Refused."""
        self._do(id, lambda connection: question_store.set_status(connection, id, question, status))

    def _do(self, id: str, work: store.Work[Result]) -> Change:
        self._access.view(id)

        def remember(result: Result) -> None:
            if isinstance(result, Change) and result.version is not None:
                self._access.memory.change_questions(id, result.version, result.apply)

        result = self._access.change(id, work, remember)
        if isinstance(result, Refused):
            self._access.reload(id)  # another server may have changed it
            raise result
        return result
