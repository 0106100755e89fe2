"""How long an answer waits after many wrong tries: bounded, and as long for a right try as for a wrong one."""

from __future__ import annotations

import pytest

from backend.rooms.lookups import OF_ALL, OF_NETWORK, OF_VISITOR, Lookups
from backend.rooms.places import MANY, MOST_OF_ALL, MOST_OF_NETWORK, UNUSED
from harness.local import ROOT

CAMPUS = "192.0.2.7"


@pytest.fixture
def lookups(clock) -> Lookups:
    return Lookups(clock)


def wrong(lookups, count, visitor="eve", address=CAMPUS, start=0) -> list[float]:
    """So many different wrong tries at the same time; how long each waits."""
    return [lookups.wait(visitor, address, f"wrong {start + n}", False) for n in range(count)]


def test_some_wrong_tries_are_free_and_right_ones_always(lookups):
    assert wrong(lookups, OF_VISITOR.free) == [0.0] * OF_VISITOR.free
    for n in range(500):
        assert lookups.wait(f"visitor {n}", CAMPUS, "right", True) == 0


def test_further_tries_of_a_visitor_wait_longer_and_longer_up_to_a_bound(lookups):
    waits = wrong(lookups, 100)
    assert waits == sorted(waits)
    assert waits[OF_VISITOR.free + 1] > 1
    assert waits[-1] == pytest.approx(OF_VISITOR.longest)


def test_a_right_try_waits_as_long_as_a_wrong_one_and_is_then_answered(lookups, clock):
    wrong(lookups, 12)
    right = lookups.wait("eve", CAMPUS, "right", True)
    assert right == lookups.wait("eve", CAMPUS, "also wrong", False) > 0
    clock.now += right - 0.1
    assert lookups.wait("eve", CAMPUS, "right", True) == pytest.approx(0.1)
    clock.now += 0.1
    assert lookups.wait("eve", CAMPUS, "right", True) == 0


def test_asking_again_shortens_nothing_and_counts_nothing(lookups, clock):
    wrong(lookups, 11)
    first = lookups.wait("eve", CAMPUS, "once more", False)
    for n in range(50):
        clock.now += 0.01
        assert lookups.wait("eve", CAMPUS, "once more", False) == pytest.approx(first - 0.01 * (n + 1))
    assert lookups.wait("eve", CAMPUS, "the next", False) < first + 1 / OF_VISITOR.rate


def test_whoever_shares_a_network_with_an_attacker_waits_shortly_and_soon_not_at_all(lookups, clock):
    for n in range(1000):  # a new cookie for each try
        wrong(lookups, 1, f"eve {n}")
    assert 0 < lookups.wait("ada", CAMPUS, "right", True) <= OF_NETWORK.longest
    assert lookups.wait("cy", "192.0.2.8", "right", True) <= OF_ALL.longest, "of another network"
    clock.now += OF_NETWORK.longest + 0.1
    assert lookups.wait("bob", CAMPUS, "right", True) == 0
    assert lookups.wait("ada", CAMPUS, "right", True) == 0


def test_many_networks_together_make_everybody_wait_shortly(lookups, clock):
    for n in range(300):
        assert wrong(lookups, 3, f"eve {n}", f"198.51.{n // 250}.{n % 250}")[0] <= OF_ALL.longest
    assert 0 < lookups.wait("ada", CAMPUS, "right", True) <= OF_ALL.longest
    clock.now += OF_ALL.longest + 0.1
    assert lookups.wait("bob", CAMPUS, "right", True) == 0


def test_all_addresses_of_a_64_are_one_network(lookups):
    for n in range(OF_NETWORK.free + 5):
        wrong(lookups, 1, f"eve {n}", f"2001:db8:1:2::{n:x}")
    assert lookups.wait("ada", "2001:db8:1:2:ffff::1", "right", True) > 0
    assert lookups.wait("bob", "2001:db8:1:3::1", "right", True) == 0


def test_wrong_tries_are_forgiven_little_by_little(lookups, clock):
    for n in range(100):  # one in each ten seconds: fewer than are free
        assert wrong(lookups, 1, start=n) == [0.0]
        clock.now += 10
    wrong(lookups, 100, start=1000)
    clock.now += 60 + OF_VISITOR.longest
    assert wrong(lookups, OF_VISITOR.free, start=2000) == [0.0] * OF_VISITOR.free


def test_a_clock_that_is_set_back_makes_nobody_wait_longer(lookups, clock):
    wrong(lookups, 200)
    clock.now -= 3600
    assert lookups.wait("eve", CAMPUS, "right", True) <= OF_VISITOR.longest


def test_the_documents_say_these_bounds():
    readme, workshop = (" ".join((ROOT / name).read_text().split()) for name in ("README.md", "docs/workshop.md"))
    assert f"slowed down after {OF_VISITOR.free} wrong ones in a minute" in readme
    assert f"so is a network after {OF_NETWORK.free} (an IPv6" in readme
    assert f"by {OF_VISITOR.longest:.0f} and {OF_NETWORK.longest:.0f} s at most" in readme
    assert f"up to {OF_NETWORK.longest:.0f} seconds, and for up to {OF_VISITOR.longest:.0f} seconds" in workshop
    assert f"{MOST_OF_ALL} places for rooms, of which a network may have {MOST_OF_NETWORK}" in workshop
    assert f"A network that has {MANY} rooms" in workshop
    assert UNUSED == 5 * 60, "five minutes"
