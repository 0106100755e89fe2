"""Lists tests that take long without a reason.

The list comes at the end of a run and fails nothing, because a busy machine makes any test slow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest

#: Seconds, with setup and teardown. A test that needs more has `@pytest.mark.takes("why")` beside it.
LONG = 20


def unexplained(reports: Iterable[pytest.TestReport]) -> list[str]:
    """One line for each test that took longer than `LONG` and has no mark `takes`; the slowest first.

    Reports from `pytest-xdist` contain the names of the marks, too.
    """
    seconds: dict[str, float] = defaultdict(float)
    for report in reports:
        if "takes" not in report.keywords:
            seconds[report.nodeid] += report.duration
    slowest_first = sorted(seconds.items(), key=lambda test: -test[1])
    return [f"{taken:.0f} s  {test}" for test, taken in slowest_first if taken > LONG]
