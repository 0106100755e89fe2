"""One visitor, and one network, store so many different architectures a day."""

import pytest

from backend.database.quota import DAY, Quota
from backend.own_network.refusal import Refused
from backend.own_network.store import OF_NETWORK, OF_VISITOR, OwnNetworks
from tests.backend.own_network.test_store import configuration


def test_a_visitor_may_store_more_when_a_day_is_over_and_the_same_ones_at_any_time():
    now = [0.0]
    quota = Quota("models", OF_VISITOR, OF_NETWORK, Refused, lambda: now[0])
    for number in range(OF_VISITOR):
        quota.count(f"id {number}", "somebody", "a network")
    with pytest.raises(Refused, match="In the last 24 hours you have opened 50 different models"):
        quota.count("another", "somebody", "a network")
    quota.count("id 3", "somebody", "a network")
    quota.count("another", "somebody else", "a network")
    now[0] = DAY + 1
    quota.count("another", "somebody", "a network")


def test_new_cookies_do_not_help_a_network():
    quota = Quota("models", OF_VISITOR, OF_NETWORK, Refused, lambda: 0.0)
    for number in range(OF_NETWORK):
        quota.count(f"id {number}", f"visitor {number}", "a network")
    with pytest.raises(Refused, match="your network has opened 1,000"):
        quota.count("another", "a new one", "a network")
    quota.count("another", "a new one", "another network")


def test_the_store_refuses_what_is_beyond(storage):
    networks = OwnNetworks(storage.open())
    for units in range(1, OF_VISITOR + 1):
        networks.keep(configuration(units), "somebody", "a network")
    with pytest.raises(Refused, match="Open this one later"):
        networks.keep(configuration(OF_VISITOR + 1), "somebody", "a network")
