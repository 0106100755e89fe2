"""Networks of visitors. A limit counts by network if a visitor could get around it with a new cookie."""

from __future__ import annotations

import ipaddress

#: A household or a machine has at least a /64 of IPv6, and may choose any of its 2 ** 64 addresses for each request.
_PREFIX = 64


def network(address: str) -> str:
    """The network of an address: an IPv4 address itself, the /64 of an IPv6 address; any other text as it is."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((ip, _PREFIX), strict=False))
        ip = ip.ipv4_mapped
    return str(ip)
