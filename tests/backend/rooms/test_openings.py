"""Who may open rooms, and which rooms give way where no places are left. On both databases, by a clock of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from backend.database import Database
from backend.database.tables import rooms
from backend.database.visitors import hashed
from backend.rooms import OpenedRoom, Refused, Rooms, Slowed
from backend.rooms.lookups import OF_VISITOR
from backend.rooms.places import LEFT, MANY, MOST_OF_ALL, MOST_OF_NETWORK, UNUSED
from harness.local import until
from tests.backend.database.storage import BOTH
from tests.builders.lessons import LESSON
from tests.builders.rooms import Clock

CAMPUS, HOME = "192.0.2.7", "198.51.100.9"


@dataclass
class Site:
    """A server whose clock the test sets."""

    database: Database
    clock: Clock
    rooms: Rooms
    opened: list[OpenedRoom] = field(default_factory=list)

    @classmethod
    def of(cls, clock: Clock, rooms: Rooms, database: Database) -> Site:
        database.read(lambda connection: None)  # creates it
        return cls(database, clock, rooms)

    def open(self, visitor: str, address: str) -> str:
        """The id of a new room, which the clock tells from the one before."""
        self.clock.now += 0.01
        self.opened.append(self.rooms.open(LESSON, visitor, address))
        return self.opened[-1].room.id

    def fill(self, count: int, *addresses: str) -> list[str]:
        """So many rooms of as many visitors, from these addresses in turn."""
        return [self.open(f"eve {len(self.opened) + n}", addresses[n % len(addresses)]) for n in range(count)]

    def exists(self, id: str) -> bool:
        self.rooms._access.memory.drop(id)
        return self.rooms.view(id) is not None

    def looks(self, id: str) -> None:
        self.rooms.host.record_look(id)
        assert self.database.flush()


@pytest.fixture
def site(start, clock) -> Site:
    return Site.of(clock, *start(clock))


@pytest.fixture
def small(monkeypatch) -> Callable[..., None]:
    """Fewer places, so that a test need not open five hundred rooms."""

    def set(**most: int) -> None:
        for name, number in most.items():
            monkeypatch.setattr(f"backend.rooms.places.{name}", number)

    return set


@pytest.mark.parametrize("times", [10, pytest.param(1, marks=pytest.mark.soak)])
def test_nine_addresses_cannot_fill_the_server(site, small, times):
    """At once, and not after a day: they have many rooms that nobody leads."""
    small(MOST_OF_ALL=MOST_OF_ALL // times, MOST_OF_NETWORK=MOST_OF_NETWORK // times, MANY=MANY // times)
    mine = site.open("a teacher", HOME)
    attackers = [f"203.0.113.{n}" for n in range(9)]
    site.fill((MOST_OF_ALL + 40) // times, *attackers)
    for n in range(20 // times):
        assert site.exists(site.open(f"teacher {n}", f"192.0.2.{n}"))
    site.fill(60 // times, *attackers)
    assert site.exists(mine)
    newer = site.opened[-60 // times : -40 // times]
    assert newer
    assert all(site.exists(opened.room.id) for opened in newer), "the oldest of theirs give way"


def test_a_full_network_makes_place_within_itself(site, small):
    small(MOST_OF_NETWORK=6, MANY=4)
    other = site.open("a teacher", HOME)
    first, *rest = site.fill(6, CAMPUS)
    lead = site.open("a teacher of the campus", CAMPUS)
    assert [site.exists(id) for id in (first, other, lead, *rest)] == [False] + [True] * 7


@BOTH
def test_a_room_that_a_host_looks_at_gives_way_to_none(site, small):
    small(MOST_OF_ALL=6, MANY=2)
    led = site.open("a teacher", CAMPUS)
    site.looks(led)
    site.fill(5, CAMPUS)
    for _ in range(10):
        site.clock.now += 60
        site.looks(led)
        site.fill(3, CAMPUS)
    assert site.exists(led)
    assert site.database.read(lambda connection: True)


def begun(site, visitor, address) -> str:
    """A room that somebody has joined and whose host has asked its first question."""
    id = site.open(visitor, address)
    site.rooms.people.join(id, f"participant of {visitor}")
    site.rooms.host.act(id, "begin", 1)
    return id


def test_a_room_that_people_have_joined_and_that_was_led_gives_way_to_none_of_a_network_with_few(site, small):
    small(MOST_OF_ALL=6, MANY=3)
    kept = [begun(site, "a teacher", CAMPUS), begun(site, "another teacher", CAMPUS)]
    site.fill(4, HOME)
    site.clock.now += 24 * 3600
    site.fill(20, HOME)
    assert all(map(site.exists, kept))


def test_rooms_with_a_fake_class_give_way_after_hours_and_after_all_others(site, small):
    small(MOST_OF_ALL=7, MANY=4)
    site.clock.now -= 2 * LEFT
    mine = begun(site, "a teacher", HOME)
    fakes = [begun(site, f"eve {n}", CAMPUS) for n in range(5)]
    site.clock.now += 2 * LEFT
    site.looks(fakes[0])
    (answering,) = site.rooms.view(fakes[1]).present
    site.rooms.people.answer(fakes[1], answering, 0, 1, 0, "")
    (unused,) = site.fill(1, HOME)
    site.open("a late teacher", "203.0.113.1")
    assert [site.exists(id) for id in (mine, unused, *fakes)] == [True, True, True, True, False, True, True]
    site.clock.now += UNUSED + 1
    site.open("another teacher", "203.0.113.2")
    assert [site.exists(id) for id in (mine, unused, *fakes)] == [True, False, True, True, False, True, True]


@BOTH
def test_a_fake_participant_does_not_hold_a_place(site, small):
    small(MOST_OF_NETWORK=4, MANY=2)
    fakes = site.fill(4, CAMPUS)
    for id in fakes:
        site.rooms.people.join(id, "eve")
    with pytest.raises(Refused, match="Too many rooms are in use in your network"):
        site.open("a teacher", CAMPUS)
    site.clock.now += UNUSED + 1
    assert site.exists(site.open("a teacher", CAMPUS))


def test_rooms_of_networks_that_have_few_stay_for_minutes_and_then_those_of_the_largest_give_way(site, small):
    small(MOST_OF_ALL=4)
    (lone,) = site.fill(1, HOME)
    two = site.fill(2, CAMPUS)
    (last,) = site.fill(1, "203.0.113.1")
    with pytest.raises(Refused, match="no place for another room"):
        site.open("a teacher", "203.0.113.2")
    site.clock.now += UNUSED + 1
    site.open("a teacher", "203.0.113.2")
    assert [site.exists(id) for id in (lone, *two, last)] == [True, False, True, True]


@pytest.mark.slow
def test_the_database_does_not_tell_from_which_address_a_room_was_opened(site):
    """The hash is shared by thousands of addresses, and another one in each database."""
    ids = [site.open(f"visitor {n}", address) for n, address in enumerate(["2001:db8::1", "2001:db8::2", CAMPUS, ""])]
    first, same, other, none = (site.rooms.view(id).room.network for id in ids)
    assert first == same != other
    assert none == ""
    assert other not in hashed(CAMPUS)
    assert 16 ** len(other) <= 2**32 / 4096


def test_the_numbers_fit_together():
    assert MANY < MOST_OF_NETWORK < MOST_OF_ALL / 3, "three networks leave places"
    assert UNUSED >= 2 * 60, "a hidden tab looks once a minute"


# The operator's passphrase.


@pytest.fixture
def guarded(start, clock) -> Site:
    return Site.of(clock, *start(clock, "correct horse"))


def test_without_the_passphrase_nobody_opens_a_room_and_with_it_one_gives_it_once(guarded):
    with pytest.raises(Refused, match="only with this server's passphrase"):
        guarded.open("ada", CAMPUS)
    for wrong in ("", "Correct horse", "correct horse battery", "\x00", "\ud800"):
        with pytest.raises(Refused, match="not the passphrase"):
            guarded.rooms.admission.admit(wrong, "ada", CAMPUS)
    guarded.rooms.admission.admit(" correct horse ", "ada", CAMPUS)
    opened = guarded.open("ada", CAMPUS)
    guarded.open("ada", HOME)
    with pytest.raises(Refused, match="only with this server's passphrase"):
        guarded.open("bob", CAMPUS)
    guarded.rooms.people.join(opened, "bob")


def test_wrong_passphrases_are_slowed_down_and_a_right_one_still_counts(guarded):
    for n in range(OF_VISITOR.free):
        with pytest.raises(Refused, match="not the passphrase"):
            guarded.rooms.admission.admit(f"wrong {n}", "ada", CAMPUS)
    with pytest.raises(Slowed, match="Many wrong passphrases") as slowed:
        guarded.rooms.admission.admit("correct horse", "ada", CAMPUS)
    assert not guarded.rooms.admission.is_admitted("ada")
    assert 0 < slowed.value.seconds <= OF_VISITOR.pause
    guarded.clock.now += slowed.value.seconds
    guarded.rooms.admission.admit("correct horse", "ada", CAMPUS)
    assert guarded.rooms.admission.is_admitted("ada")


@pytest.mark.slow
@BOTH
def test_looks_do_not_wait_in_the_place_of_answers_while_nothing_can_be_saved(room, failing):
    (ada,) = room.join("ada")
    room.act("begin")
    with failing():
        assert not room.answer(ada, 1)
        until(lambda: room.database.problem is not None, "the server knows")
        room.rooms.host.record_look(room.id)
    until(lambda: room.answer(ada, 1), "the answer is stored")
    looked = room.database.read(lambda c: c.execute(select(rooms.c.looked).where(rooms.c.id == room.id)).scalar())
    assert looked == room.opened.room.created
