"""Finding a room, joining it and answering in it, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier

import pytest

from backend.rooms import Paused, RoomRefused, RoomUnavailable
from backend.rooms.alias import alias
from backend.rooms.people import Choice, SentAnswer
from harness.local import until
from tests.builders.storage import BOTH


def test_a_code_is_found_in_any_case_and_with_spaces_and_hyphens(room):
    code = room.opened.room.code
    for typed in (code.lower(), f" {code[:3]} {code[3:]} ", f"{code[:3]}-{code[3:].lower()}"):
        assert room.rooms.find(typed, "ada", "address") == room.id
    for wrong in ("", "ABC", f"{code}A", "!!!!!!", "\x00" * 6):
        with pytest.raises(RoomRefused, match="no room with this code"):
            room.rooms.find(wrong, "ada", "address")


def test_who_joins_twice_is_the_same_participant(room, other):
    ada, bob = room.join("ada", "bob")
    assert (ada.number, bob.number) == (1, 2)
    assert ada.alias == alias(room.opened.room.seed, 1)
    assert room.join("ada", "bob") == [ada, bob]
    assert other.join("bob", "ada") == [bob, ada], "another server may not know them yet"
    assert other.rooms.people.find(other.view, "ada") == ada
    assert other.rooms.people.find(other.view, "eve") is None


def test_an_answer_can_be_changed_until_answers_are_frozen(room):
    ada, bob = room.join("ada", "bob")
    with pytest.raises(RoomRefused, match="frozen"):
        room.answer(ada, 0)
    room.act("begin")
    assert room.answer(ada, 0, sure="guessing")
    assert room.answer(bob, 2)
    assert room.answer(ada, 1, sure="certain")
    room.act("freeze")
    for option, sure in ((0, "certain"), (1, "guessing")):
        with pytest.raises(RoomRefused, match="Too late: the answers are frozen"):
            room.answer(ada, option, sure=sure)
    assert room.answer(ada, 1, sure="certain"), "what is stored may be sent again: the phone had not heard of it"
    assert {number: given.option for number, given in room.stored().items()} == room.options() == {1: 1, 2: 2}
    assert (room.stored()[1].sure, room.stored()[2].sure) == ("certain", "")


def test_an_answer_to_a_question_that_is_asked_again_is_too_late(room):
    (ada,) = room.join("ada")
    room.act("begin")

    def answer(asked):
        room.rooms.people.answer(room.id, ada, SentAnswer(step=0, round=1, option=1, asked=asked))

    answer(asked=0)
    room.act("reset")
    with pytest.raises(RoomRefused, match="Too late: the question is asked again"):
        answer(asked=0)
    assert room.stored() == room.options() == {}
    answer(asked=room.view.room.state.asked)
    assert room.options() == {1: 1}


def test_what_is_no_answer_to_the_open_question_is_refused(room):
    (ada,) = room.join("ada")
    room.act("begin")
    for option in (-1, 3, 10**9):
        with pytest.raises(RoomRefused, match="no such option"):
            room.answer(ada, option)
    for step, round in ((1, 1), (0, 2), (-1, 1)):
        with pytest.raises(RoomRefused, match="Too late"):
            room.answer(ada, 0, step, round)
    with pytest.raises(RoomRefused, match="not a participant"):
        room.answer(replace(ada, number=9), 0)
    for action, refused in (("pause", Paused), ("close", RoomRefused)):
        room.act(action)
        with pytest.raises(refused, match=action):
            room.answer(ada, 0)
    assert room.stored() == {}


def test_a_removed_participant_can_do_nothing_until_they_are_taken_back(room):
    ada, bob = room.join("ada", "bob")
    room.act("begin")
    room.answer(ada, 0)
    room.rooms.host.set_removed(room.id, [ada.number])
    assert (room.options(), room.view.present) == ({}, [bob])
    for attempt in (lambda: room.answer(ada, 1), lambda: room.join("ada")):
        with pytest.raises(RoomRefused, match=r"not a participant|removed you"):
            attempt()
    room.rooms.host.set_removed(room.id, [ada.number], False)
    assert room.join("ada", "bob") == [ada, bob]
    assert room.options() == {1: 0}


@BOTH
def test_names_are_allowed_by_the_host_alone_and_renaming_is_the_hosts(room):
    (ada,) = room.join("ada")
    with pytest.raises(RoomRefused, match="allows no names"):
        room.rooms.people.choose(room.id, ada, Choice(name="Ada"))
    room.act("names")
    room.rooms.people.choose(room.id, ada, Choice(name="  Ada\n Lovelace\u202e " + "x" * 40))
    assert room.view.participants[1].alias == "Ada Lovelace xxxxxxxxxxx"
    room.act("aliases")
    for name, alias_ in (("Somebody", "Somebody"), (" ", ada.alias)):
        room.rooms.host.rename(room.id, 1, name)
        assert room.view.participants[1].alias == alias_


def test_a_locked_room_lets_nobody_else_in(room):
    (ada,) = room.join("ada")
    room.act("lock")
    with pytest.raises(RoomRefused, match="locked"):
        room.join("bob")
    assert room.join("ada") == [ada]
    room.act("unlock")
    room.join("bob")
    room.act("close")
    with pytest.raises(RoomRefused, match="closed"):
        room.join("cy")
    assert room.join("ada") == [ada]


def test_a_full_room_lets_in_whoever_replaces_a_removed_participant(monkeypatch, room):
    monkeypatch.setattr("backend.rooms.store.MOST_PARTICIPANTS", 3)
    room.join("ada", "bob", "cy")
    with pytest.raises(RoomRefused, match="The room is full"):
        room.join("one too many")
    room.rooms.host.set_removed(room.id, [2])
    (late,) = room.join("one too many")
    assert late.number == 4, "who was removed makes place, and keeps their number"
    room.rooms.host.set_removed(room.id, [2], False)
    assert room.join("bob")[0].number == 2


def test_what_is_no_room_is_none(room):
    for id in ("", "unknown", "a\x00b", "\ud800", "x" * 5000, "../../etc", f"{room.id}'--"):
        assert room.rooms.view(id) is None
        with pytest.raises(RoomRefused, match="does not exist"):
            room.rooms.people.join(id, "ada")
    assert room.database.problem is None, "no text from an address stops the database"


@BOTH
def test_who_joins_on_two_servers_at_once_is_one_participant_and_nobody_is_turned_away(room, start):
    servers = [room.seen_by(*start()) for _ in range(2)]  # they have not read the room yet
    barrier = Barrier(40)

    def join(n):
        seen, visitor = servers[n % 2], f"visitor {n // 2}"
        barrier.wait()
        joined = []

        def joins():  # a phone, too, tries again if its request could not be stored in time
            with suppress(RoomUnavailable):
                joined.extend(seen.join(visitor))
            return bool(joined)

        until(joins)
        return joined[0].number

    with ThreadPoolExecutor(40) as pool:
        numbers = list(pool.map(join, range(40)))
    assert numbers[::2] == numbers[1::2]
    assert sorted(numbers[::2]) == list(range(1, 21))
