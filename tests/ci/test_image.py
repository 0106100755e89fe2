"""The browser tests that `make image` names exist. A renamed test would otherwise be noticed after a long build."""

import re

import pytest

from harness.local import ROOT

VISITS = re.findall(r"(test_\w+\.py)::(test_\w+)", (ROOT / ".ci" / "image").read_text())


def test_the_script_names_browser_tests():
    assert len(VISITS) > 2


@pytest.mark.parametrize(("file", "name"), VISITS)
def test_a_named_browser_test_exists(file, name):
    assert f"\ndef {name}(" in (ROOT / "tests" / "browser" / file).read_text()
