"""Networks of visitors, by which limits count where a cookie costs nothing."""

from __future__ import annotations

import ipaddress

#: A household or a machine has at least a /64 of IPv6, and may choose any of its 2 ** 64 addresses for each request.
_PREFIX = 64


def network(address: str) -> str:
    """The network of an address: an IPv4 address itself, the /64 of an IPv6 address; any other text as it is."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((found, _PREFIX), strict=False))
        found = found.ipv4_mapped
    return str(found)
