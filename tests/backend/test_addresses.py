"""The network of an address."""

from __future__ import annotations

import pytest

from backend.addresses import network


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:0db8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_address_counts_as_its_64_and_any_other_as_itself(address, found):
    assert network(address) == found


def test_neighbouring_64s_are_different_networks():
    assert network("2001:db8:1:2::7") != network("2001:db8:1:3::7")
