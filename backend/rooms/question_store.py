"""The questions from the room in the database. Each function is the work of one transaction.

Each change increments the room's `questions_version` and not its `version`. So no server reads the whole room again
after a vote.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Text, cast, delete, func, select, update

from backend.database.tables import room_participants, room_question_votes, room_questions, rooms
from backend.database.upsert import insert_missing
from backend.rooms import store
from backend.rooms.machine import State
from backend.rooms.model import Paused, Refused
from backend.rooms.question_list import (
    MOST_LISTED,
    MOST_OPEN,
    MOST_STORED,
    QuestionList,
    RoomQuestion,
    Status,
    same_key,
)

#: Why a question with that status takes no vote.
_ANSWERED, _REMOVED = "This question has been answered.", "The host has removed this question."


@dataclass(frozen=True)
class Change:
    """What a transaction did with a question; `apply` does the same in memory. `version` is None if nothing changed.

    `is_new` tells a new question from a vote for the same one.
    """

    question: int
    version: int | None
    apply: Callable[[QuestionList], QuestionList]
    is_new: bool = False


Result = Change | Refused


def version(connection: Connection, room: str) -> int:
    """The version of the room's questions; 0 if there is no such room."""
    return connection.execute(select(rooms.c.questions_version).where(rooms.c.id == room)).scalar() or 0


def read(connection: Connection, room: str) -> QuestionList:
    """All questions of the room with their votes."""
    known = version(connection, room)  # first: whatever is stored meanwhile has a later version
    votes = room_question_votes.c
    voters = func.aggregate_strings(cast(votes.participant, Text), ",")  # a row for each vote takes ten times as long
    of_each = select(votes.question, voters).where(votes.room == room).group_by(votes.question)
    by_question = {
        question: frozenset(map(int, numbers.split(","))) for question, numbers in connection.execute(of_each)
    }
    found = {
        each.number: replace(each, votes=by_question.get(each.number, each.votes))
        for each in _questions(connection, room)
    }
    return QuestionList(known, found)


def _questions(connection: Connection, room: str) -> list[RoomQuestion]:
    """All questions of the room, without their votes: there may be a thousand times as many."""
    rows = connection.execute(select(room_questions).where(room_questions.c.room == room))
    return [RoomQuestion(each.number, each.author, each.text, each.at, each.state) for each in rows]


def ask(connection: Connection, room: str, author: int, text: str, at: float) -> Result:
    """Store a question with its author's vote, or the vote alone if the same question exists. `text` is cleaned."""
    if refusal := _refusal(connection, room, author):
        return refusal
    stored, absent = _questions(connection, room), _removed_numbers(connection, room)
    present, key = [each for each in stored if each.author not in absent], same_key(text)
    same = next((each for each in present if same_key(each.text) == key), None)
    if same is not None:
        return _vote(connection, room, same.number, author, True)
    if sum(each.author == author and each.status == "open" for each in present) >= MOST_OPEN:
        return Refused(f"You have {MOST_OPEN} open questions, and nobody may have more. Vote for those of others.")
    if sum(each.status != "removed" for each in present) >= MOST_LISTED:
        return Refused(f"The list is full: it has {MOST_LISTED} questions.")
    number = max((each.number for each in stored), default=0) + 1
    if number > MOST_STORED:
        return Refused(f"The room takes no more questions: {MOST_STORED:,} have been asked.")
    question = RoomQuestion(number, author, text, at, votes=frozenset({author}))
    connection.execute(room_questions.insert().values(**_row(room, question)))
    insert_missing(connection, room_question_votes, _vote_rows(room, question))
    return Change(number, _renew(connection, room), lambda known: known.with_question(question), is_new=True)


def vote(connection: Connection, room: str, question: int, participant: int, up: bool) -> Result:
    """Store a participant's vote for a question, or take it back."""
    return _refusal(connection, room, participant) or _vote(connection, room, question, participant, up)


def _vote(connection: Connection, room: str, question: int, participant: int, up: bool) -> Result:
    status = _status(connection, room, question)
    if status is None:
        return Refused("There is no such question.")
    if status != "open":
        return Refused(_ANSWERED if status == "answered" else _REMOVED)
    its = room_question_votes.c
    mine = its.room == room, its.question == question, its.participant == participant
    voted = connection.execute(select(its.participant).where(*mine)).first() is not None
    if voted == up:
        return Change(question, None, lambda known: known)
    if up:
        row = {"room": room, "question": question, "participant": participant}
        connection.execute(room_question_votes.insert().values(**row))
    else:
        connection.execute(delete(room_question_votes).where(*mine))
    return Change(question, _renew(connection, room), lambda known: known.with_vote(question, participant, up))


def set_status(connection: Connection, room: str, question: int, status: Status) -> Result:
    """Mark a question as answered, remove it, or put it back into the list."""
    state = store.lock_state(connection, room)
    if state is None or state.closed:
        return Refused("The room is closed.")
    before = _status(connection, room, question)
    if before is None:
        return Refused("There is no such question.")
    if before == status:
        return Change(question, None, lambda known: known)
    its = room_questions.c
    mine = update(room_questions).where(its.room == room, its.number == question)
    connection.execute(mine.values(state=status))
    return Change(question, _renew(connection, room), lambda known: known.with_status(question, status))


def put_back(connection: Connection, room: str, listed: QuestionList) -> None:
    """Store the questions of a room that the database has lost. What is stored already stays."""
    questions = listed.by_number.values()
    insert_missing(connection, room_questions, [_row(room, each) for each in questions])
    insert_missing(connection, room_question_votes, [row for each in questions for row in _vote_rows(room, each)])
    newest = max(version(connection, room), listed.version) + 1
    connection.execute(update(rooms).where(rooms.c.id == room).values(questions_version=newest))


def _row(room: str, question: RoomQuestion) -> dict[str, object]:
    return {
        "room": room, "number": question.number, "author": question.author, "text": question.text, "at": question.at,
        "state": question.status,
    }  # fmt: skip


def _vote_rows(room: str, question: RoomQuestion) -> list[dict[str, object]]:
    return [{"room": room, "question": question.number, "participant": number} for number in question.votes]


def _status(connection: Connection, room: str, question: int) -> Status | None:
    its = room_questions.c
    status: Status | None = connection.execute(
        select(its.state).where(its.room == room, its.number == question)
    ).scalar()
    return status


def _renew(connection: Connection, room: str) -> int:
    """Increment the version of the room's questions, and return it. The caller has locked the room."""
    newest = version(connection, room) + 1
    connection.execute(update(rooms).where(rooms.c.id == room).values(questions_version=newest))
    return newest


def _refusal(connection: Connection, room: str, participant: int) -> Refused | None:
    """Lock the room, and return why the participant may neither ask nor vote now; None if they may."""
    state = store.lock_state(connection, room)
    if refusal := _closed_to_questions(state):
        return refusal
    who = store.participant(connection, room, participant)
    return Refused("You are not a participant of this room.") if who is None or who.removed else None


def _closed_to_questions(state: State | None) -> Refused | None:
    if state is None or state.closed:
        return Refused("The room is closed.")
    if not state.questions:
        return Refused("The host takes no questions now.")
    return Paused("The room is paused.") if state.paused else None


def _removed_numbers(connection: Connection, room: str) -> set[int]:
    """The numbers of the participants whom the host has removed."""
    mine = room_participants.c
    gone = select(mine.number).where(mine.room == room, mine.removed.is_(True))
    return set(connection.execute(gone).scalars())
