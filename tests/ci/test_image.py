"""What `make image` visits is there to be run: a renamed test would be noticed only after minutes of building."""

import re

import pytest

from harness.local import ROOT

VISITS = re.findall(r"(test_\w+\.py)::(test_\w+)", (ROOT / ".ci" / "image").read_text())


def test_some_are_found():
    assert len(VISITS) > 2


@pytest.mark.parametrize(("file", "name"), VISITS)
def test_the_visit_exists(file, name):
    assert f"\ndef {name}(" in (ROOT / "tests" / "browser" / file).read_text()
