"""Who may open rooms, and which rooms give way where no places are left. On both databases, by a clock of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from backend.database import Database
from backend.rooms import OpenedRoom, RoomRefused, Rooms, Slowed, store
from backend.rooms.capacity import MANY, MOST_OF_ALL, MOST_OF_NETWORK
from backend.rooms.lookups import OF_VISITOR
from tests.builders.lessons import LESSON
from tests.builders.rooms import Clock
from tests.builders.storage import BOTH

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
        return self.rooms.read(lambda connection: store.read(connection, id)) is not None

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
            monkeypatch.setattr(f"backend.rooms.capacity.{name}", number)

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


# The operator's passphrase.


@pytest.fixture
def guarded(start, clock) -> Site:
    return Site.of(clock, *start(clock, "correct horse"))


def test_without_the_passphrase_nobody_opens_a_room_and_with_it_one_gives_it_once(guarded):
    with pytest.raises(RoomRefused, match="only with this server's passphrase"):
        guarded.open("ada", CAMPUS)
    for wrong in ("", "Correct horse", "correct horse battery", "\x00", "\ud800"):
        with pytest.raises(RoomRefused, match="not the passphrase"):
            guarded.rooms.admission.admit(wrong, "ada", CAMPUS)
    guarded.rooms.admission.admit(" correct horse ", "ada", CAMPUS)
    opened = guarded.open("ada", CAMPUS)
    guarded.open("ada", HOME)
    with pytest.raises(RoomRefused, match="only with this server's passphrase"):
        guarded.open("bob", CAMPUS)
    guarded.rooms.people.join(opened, "bob")


def test_wrong_passphrases_are_slowed_down_and_a_right_one_still_counts(guarded):
    for n in range(OF_VISITOR.free):
        with pytest.raises(RoomRefused, match="not the passphrase"):
            guarded.rooms.admission.admit(f"wrong {n}", "ada", CAMPUS)
    with pytest.raises(Slowed, match="Many wrong passphrases") as slowed:
        guarded.rooms.admission.admit("correct horse", "ada", CAMPUS)
    assert not guarded.rooms.admission.is_admitted("ada")
    assert 0 < slowed.value.seconds <= OF_VISITOR.pause
    guarded.clock.now += slowed.value.seconds
    guarded.rooms.admission.admit("correct horse", "ada", CAMPUS)
    assert guarded.rooms.admission.is_admitted("ada")
