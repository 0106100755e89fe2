"""The tests need no benchmark but to test it. `test_imports.py` imports the app without tests, benchmarks, harness."""

import re

from harness.local import ROOT


def test_only_the_tests_of_the_benchmarks_import_them():
    importing = {
        str(file.relative_to(ROOT / "tests"))
        for file in (ROOT / "tests").rglob("*.py")
        if re.search(r"^\s*(from|import) benchmarks\b", file.read_text(), re.MULTILINE)
    }
    assert {name for name in importing if not name.startswith("benchmarks/")} == set()
    assert importing, "the search finds those of tests/benchmarks"
