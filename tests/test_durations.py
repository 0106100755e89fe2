"""Tests that take long are listed unless they give a reason."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.durations import unexplained


def report(test: str, when: Literal["setup", "call", "teardown"], seconds: float, *marks: str) -> pytest.TestReport:
    return pytest.TestReport(
        test, ("", None, ""), dict.fromkeys(marks, 1), "passed", None, when, duration=seconds, start=0, stop=seconds
    )


def test_setup_and_teardown_count_and_the_slowest_test_comes_first() -> None:
    reports = [report("slow", "setup", 12), report("quick", "call", 19), report("slow", "call", 9)]
    reports += [report("slowest", "call", 3), report("slowest", "teardown", 30)]
    assert unexplained(reports) == ["33 s  slowest", "21 s  slow"]


def test_a_test_that_gives_a_reason_is_not_listed() -> None:
    assert unexplained([report("slow", "call", 60, "takes", "browser")]) == []


def test_the_list_stands_at_the_end_of_a_run(pytestconfig: pytest.Config) -> None:
    hooks = pytestconfig.pluginmanager.hook.pytest_terminal_summary.get_hookimpls()
    assert "tests/conftest.py" in {str(hook.plugin_name)[-17:] for hook in hooks}
