"""How often tries are answered, also those that are made at the same time, and how long a right one waits."""

from __future__ import annotations

import random

import pytest

from backend.rooms.lookups import OF_NETWORK, OF_VISITOR, Lookups

CAMPUS = "192.0.2.7"


@pytest.fixture
def lookups(clock) -> Lookups:
    return Lookups(clock=clock)


def wrong(lookups, count, visitor="eve", address=CAMPUS) -> list[float]:
    """So many wrong tries at the same time; how long each waits."""
    return [lookups.wait(visitor, address, False) for _ in range(count)]


def answered(lookups, clock, seconds, tries) -> int:
    """How many of these tries, of a visitor and an address each, are answered if all are made again and again."""
    asking, answers, end = dict.fromkeys(tries, clock.now), 0, clock.now + seconds
    while asking and (soonest := min(asking.values())) <= end:
        clock.now = soonest
        for visitor, address in [each for each, at in asking.items() if at <= soonest]:
            seconds = lookups.wait(visitor, address, False)
            if seconds:
                asking[visitor, address] = soonest + seconds
            else:
                del asking[visitor, address]
                answers += 1
    clock.now = end
    return answers


def test_some_wrong_tries_are_free_and_right_ones_always(lookups):
    assert wrong(lookups, OF_VISITOR.free) == [0.0] * OF_VISITOR.free
    for n in range(500):
        assert lookups.wait(f"visitor {n}", CAMPUS, True) == 0


def test_further_tries_of_a_visitor_share_one_wait(lookups, clock):
    """So tries at the same time win nothing, and two tabs take nothing from each other."""
    waits = wrong(lookups, 3000)[OF_VISITOR.free :]
    assert set(waits) == {OF_VISITOR.pause}
    for minute in range(1, 4):
        begun, answers = clock.now, 0
        while clock.now < begun + 60:
            clock.now += 0.5
            answers += wrong(lookups, 50).count(0)
        assert answers == OF_VISITOR.free, f"in minute {minute}"


def test_a_right_try_waits_as_long_as_a_wrong_one_and_is_then_answered(lookups, clock):
    wrong(lookups, 12)
    right = lookups.wait("eve", CAMPUS, True)
    assert right == lookups.wait("eve", CAMPUS, False) > 0
    clock.now += right - 0.1
    assert lookups.wait("eve", CAMPUS, True) == lookups.wait("eve", CAMPUS, False) > 0
    clock.now += 0.2
    assert lookups.wait("eve", CAMPUS, True) == 0


def test_fresh_cookies_share_the_tries_of_their_network(lookups, clock):
    tries = [(f"eve {n}", CAMPUS) for n in range(300)]
    slowed = 10 / OF_NETWORK.pause
    assert OF_NETWORK.free < answered(lookups, clock, 10, tries) <= OF_NETWORK.free + slowed + 1
    assert answered(lookups, clock, 10, tries) <= slowed + 1


@pytest.mark.parametrize("seed", range(5))
def test_under_an_attack_that_never_stops_a_right_try_is_answered_soon(lookups, clock, seed):
    """Of 20 new cookies a second in the same network, none of which comes back."""
    chance = random.Random(seed)
    begun = asks = clock.now + 60
    for n in range(20 * 120):
        clock.now += chance.expovariate(20)
        wrong(lookups, 1, f"eve {n}")
        if clock.now >= asks:
            seconds = lookups.wait("ada", CAMPUS, True)
            if not seconds:
                break
            asks = clock.now + seconds
    assert begun <= clock.now < begun + 30


def test_all_addresses_of_a_64_are_one_network(lookups):
    for n in range(OF_NETWORK.free + 5):
        wrong(lookups, 1, f"eve {n}", f"2001:db8:1:2::{n:x}")
    assert lookups.wait("ada", "2001:db8:1:2:ffff::1", True) > 0
    assert lookups.wait("bob", "2001:db8:1:3::1", True) == 0
