"""How many files and connections this process may have open."""

from __future__ import annotations

import logging
import sys

if sys.platform != "win32":
    import resource

log = logging.getLogger(__name__)

#: Below this limit several full rooms may find no place. A participant needs two descriptors, a tab one.
ENOUGH = 8192
#: The limit to try if the hard limit is "unlimited", which not every system accepts as a soft limit.
_LARGE = 65_536


def raise_limit() -> int:
    """Raise the soft limit of open files to the hard one, and return it. Log a sentence if that is not enough.

    Shells, systemd and Docker often leave the soft limit at 1,024. Child processes inherit the new one.
    """
    if sys.platform == "win32":
        return ENOUGH  # Windows has no such limit
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, _LARGE):
        if wanted == soft:
            break
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            break
        except (ValueError, OSError):
            continue
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = sys.maxsize if soft == resource.RLIM_INFINITY else soft
    if limit < ENOUGH:
        log.warning(
            "this process may open %s files and connections, fewer than the %s that a room may need: raise the limit "
            "(ulimit -n, LimitNOFILE in systemd, ulimits in compose.yaml)",
            f"{limit:,}",
            f"{ENOUGH:,}",
        )
    return limit
