"""Asks for a server's health until its input ends or a request fails.

It is a process of its own, so that it waits only for the server. `python -m harness.health_probe 127.0.0.1:8501` prints
a line when it begins. At its end it prints as JSON the seconds of each answer, and the failure or null.
"""

from __future__ import annotations

import asyncio
import json
import select
import sys

from harness.full_room import healthz

#: Seconds between two requests.
EVERY = 0.05


def main() -> None:
    """Request `/healthz` of the address on the command line again and again, then print the times."""
    waits: list[float] = []
    failed = None
    print("begun", flush=True)
    try:
        while not select.select([sys.stdin], [], [], EVERY)[0]:
            waits.append(asyncio.run(healthz(sys.argv[1])))
    except (OSError, RuntimeError, TimeoutError) as error:
        failed = repr(error)
    print(json.dumps({"waits": waits, "failed": failed}))


if __name__ == "__main__":
    main()
