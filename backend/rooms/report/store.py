"""Kept reports and homework in the database. Each function is the work of one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Row, delete, func, select, update

from backend.database.tables import homework_answers, homeworks, room_reports
from backend.database.upsert import insert_missing, upsert
from backend.rooms.model import Refused

#: The most reports that are kept: of rooms that one network has opened, and of all.
MOST_OF_NETWORK, MOST_OF_ALL = 200, 2000
#: A full server evicts the oldest report of the network with the most reports, if that network has at least this many.
MANY = 20
#: The most visitors whose answers to a homework count: all, and those of one network, which a school may be.
MOST_VISITORS, MOST_VISITORS_OF_NETWORK = 2000, 300
#: Seconds for which a report is kept after its homework.
AFTER_HOMEWORK = 30 * 24 * 3600.0


@dataclass(frozen=True)
class Kept:
    """A kept report, without its content. `made` is when the host last renewed it."""

    id: str
    room: str
    token_hash: str
    names: bool
    made: float
    expires: float


@dataclass(frozen=True)
class Homework:
    """The questions of a report, to answer alone until a time.

    `lesson_text` is a lesson with these questions alone, and `lesson_id` the id of the room's lesson.
    """

    id: str
    report: str
    lesson_id: str
    lesson_text: str
    until: float


def keep(connection: Connection, kept: Kept, network: str, packed: bytes) -> Kept:
    """Store a report in place of that of the same room. Returns it as it is now. Raises Refused if there is no place.

    The earlier link stays valid, unless the report had no names and now has them: whoever got that link sees no names.
    """
    known = of_room(connection, kept.room)
    if known is None:
        if refusal := _refusal(connection, network):
            raise Refused(refusal)
        row = {
            "id": kept.id, "room": kept.room, "token_hash": kept.token_hash, "network": network, "names": kept.names,
            "made": kept.made, "expires": kept.expires, "report": packed,
        }  # fmt: skip
        upsert(connection, room_reports, [row])
        return kept
    homework = homework_of(connection, known.id)
    expires = max(kept.expires, homework.until + AFTER_HOMEWORK if homework else 0.0)
    if not kept.names or known.names:
        kept = replace(kept, id=known.id, token_hash=known.token_hash)
    elif homework:
        connection.execute(update(homeworks).where(homeworks.c.id == homework.id).values(report=kept.id))
    kept = replace(kept, expires=expires)
    _replace(connection, known.id, kept, packed)
    return kept


def renew(connection: Connection, kept: Kept, packed: bytes) -> Kept | None:
    """Store the report anew under its link. Returns it as it is now, or None if it was deleted meanwhile.

    Raises Refused if the room has another report now, or if this one would bring names into a report without names.
    """
    known = of_room(connection, kept.room)
    if known is None:
        return None
    if known.id != kept.id or (kept.names and not known.names):
        raise Refused("The kept report was changed on another page in this moment. Renew it with its button.")
    renewed = replace(known, names=kept.names, made=kept.made)
    _replace(connection, known.id, renewed, packed)
    return renewed


def _replace(connection: Connection, id: str, kept: Kept, packed: bytes) -> None:
    values = {
        "id": kept.id, "token_hash": kept.token_hash, "names": kept.names, "made": kept.made,
        "expires": kept.expires, "report": packed,
    }  # fmt: skip
    connection.execute(update(room_reports).where(room_reports.c.id == id).values(**values))


def _refusal(connection: Connection, network: str) -> str | None:
    """Why there is no place for another report, in a sentence; or None. A full server evicts one, if it may."""
    count = select(func.count()).select_from(room_reports)
    if network and connection.execute(count.where(room_reports.c.network == network)).scalar_one() >= MOST_OF_NETWORK:
        return f"Your network keeps {MOST_OF_NETWORK} reports already. Delete one first, or save this one as a PDF."
    if connection.execute(count).scalar_one() >= MOST_OF_ALL and not _make_place(connection):
        return "This server has no place for another report. Save this one as a PDF."
    return None


def _make_place(connection: Connection) -> bool:
    """Delete the oldest report of the network with the most reports, if it has `MANY`. Returns whether it did."""
    mine, size = room_reports.c, func.count()
    most = select(mine.network).group_by(mine.network).having(size >= MANY).order_by(size.desc(), mine.network).limit(1)
    network = connection.execute(most).scalar()
    if network is None:
        return False
    oldest = select(mine.id).where(mine.network == network).order_by(mine.made, mine.id).limit(1)
    remove(connection, connection.execute(oldest).scalar_one())
    return True


_COLUMNS = tuple(room_reports.c[name] for name in ("id", "room", "token_hash", "names", "made", "expires"))


def of_room(connection: Connection, room: str) -> Kept | None:
    """The kept report of a room; None if there is none."""
    row = connection.execute(select(*_COLUMNS).where(room_reports.c.room == room)).one_or_none()
    return None if row is None else Kept(*row)


def find(connection: Connection, id: str, now: float) -> tuple[Kept, bytes] | None:
    """The report with that id and its content; None if there is none, or if its time is over."""
    query = select(*_COLUMNS, room_reports.c.report).where(room_reports.c.id == id, room_reports.c.expires > now)
    row = connection.execute(query).one_or_none()
    return None if row is None else (Kept(*row[:-1]), bytes(row.report))


def remove(connection: Connection, id: str) -> None:
    """Delete a report, with its homework and the answers to it."""
    ids = select(homeworks.c.id).where(homeworks.c.report == id)
    connection.execute(delete(homework_answers).where(homework_answers.c.homework.in_(ids)))
    connection.execute(delete(homeworks).where(homeworks.c.report == id))
    connection.execute(delete(room_reports).where(room_reports.c.id == id))


def delete_expired(connection: Connection, now: float) -> None:
    """Delete the reports whose time is over."""
    for id in connection.execute(select(room_reports.c.id).where(room_reports.c.expires < now)).scalars().all():
        remove(connection, id)


def set_homework(connection: Connection, new: Homework) -> Homework:
    """Store a homework, or move the end of the one that the report has. The report is kept long enough for it.

    Raises Refused if the report was deleted.
    """
    expires = connection.execute(select(room_reports.c.expires).where(room_reports.c.id == new.report)).scalar()
    if expires is None:
        raise Refused("The report of this homework was deleted.")
    known = homework_of(connection, new.report)
    if known is None:
        row = {
            "id": new.id, "report": new.report, "lesson_id": new.lesson_id, "lesson": new.lesson_text,
            "until": new.until,
        }  # fmt: skip
        upsert(connection, homeworks, [row])
    else:
        connection.execute(update(homeworks).where(homeworks.c.id == known.id).values(until=new.until))
        new = Homework(known.id, known.report, known.lesson_id, known.lesson_text, new.until)
    later = max(expires, new.until + AFTER_HOMEWORK)
    connection.execute(update(room_reports).where(room_reports.c.id == new.report).values(expires=later))
    return new


def homework(connection: Connection, id: str) -> Homework | None:
    """The homework with that id; None if there is none."""
    return _homework(connection.execute(select(homeworks).where(homeworks.c.id == id)).one_or_none())


def homework_of(connection: Connection, report: str) -> Homework | None:
    """The homework of a report; None if there is none."""
    return _homework(connection.execute(select(homeworks).where(homeworks.c.report == report)).one_or_none())


def _homework(row: Row[tuple[object, ...]] | None) -> Homework | None:
    return None if row is None else Homework(row.id, row.report, row.lesson_id, row.lesson, row.until)


def browsers(connection: Connection, id: str, network: str = "") -> int:
    """How many visitors have answered a homework: all, or those of a network."""
    mine = homework_answers.c
    query = select(func.count(func.distinct(mine.visitor))).where(mine.homework == id)
    return int(connection.execute(query.where(mine.network == network) if network else query).scalar_one())


def homework_refusal(connection: Connection, id: str, visitor: str, network: str) -> str | None:
    """Why the homework does not count a visitor's predictions, in a sentence; None if it has a place for them."""
    mine = homework_answers.c
    if connection.execute(select(mine.step).where(mine.homework == id, mine.visitor == visitor)).first() is not None:
        return None
    if browsers(connection, id) >= MOST_VISITORS:
        return f"It is full: {MOST_VISITORS:,} browsers have answered. Predictions in this browser do not count."
    if network and browsers(connection, id, network) >= MOST_VISITORS_OF_NETWORK:
        most = f"{MOST_VISITORS_OF_NETWORK} browsers of your network have answered, the most that count of one network"
        return f"{most}. Predictions in this browser do not count."
    return None


@dataclass(frozen=True)
class Predicted:
    """A prediction in a step of a homework: an answer (`backend/lessons/answers.py`), and the number that was typed."""

    step: int
    option: int
    number: float | None = None


def answer(connection: Connection, id: str, visitor: str, network: str, given: Predicted, now: float) -> None:
    """Store a visitor's first prediction in a step, if the homework has not ended and has a place for the visitor."""
    known = connection.execute(select(homeworks.c.until).where(homeworks.c.id == id).with_for_update()).scalar()
    if known is None or known < now:
        return
    if homework_refusal(connection, id, visitor, network) is not None:
        return
    row = {
        "homework": id, "visitor": visitor, "network": network, "step": given.step, "option": given.option, "at": now,
        "value": given.number,
    }  # fmt: skip
    insert_missing(connection, homework_answers, [row])


def votes(connection: Connection, id: str, options: Sequence[int]) -> Mapping[int, list[int]]:
    """How many visitors gave each answer, by step; `options` has how many answers each step takes."""
    mine = homework_answers.c
    query = select(mine.step, mine.option, func.count()).where(mine.homework == id).group_by(mine.step, mine.option)
    counts = {step: [0] * size for step, size in enumerate(options)}
    for step, option, count in connection.execute(query):
        if step in counts and 0 <= option < len(counts[step]):
            counts[step][option] = int(count)
    return counts


def numbers(connection: Connection, id: str) -> Sequence[Predicted]:
    """The numbers that visitors typed, sorted by size, so that nothing tells who typed one, or when."""
    mine = homework_answers.c
    query = select(mine.step, mine.option, mine.value).where(mine.homework == id, mine.value.is_not(None))
    return [Predicted(*row) for row in connection.execute(query.order_by(mine.step, mine.value))]
