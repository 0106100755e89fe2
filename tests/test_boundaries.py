"""Only the tests of benchmarks import them, and files and functions of the product are short.

`test_imports.py` checks that the app needs no tests, benchmarks or harness.
"""

import ast
import re
from pathlib import Path

from harness.local import ROOT

_PRODUCT = ("app.py", "backend", "components", "pages", "two_heads")


def _product(*endings: str) -> list[Path]:
    files = (file for top in _PRODUCT for file in [ROOT / top, *(ROOT / top).rglob("*")])
    return [file for file in files if file.suffix in endings]


def test_only_the_tests_of_the_benchmarks_import_them():
    importing = {
        str(file.relative_to(ROOT / "tests"))
        for file in (ROOT / "tests").rglob("*.py")
        if re.search(r"^\s*(from|import) benchmarks\b", file.read_text(), re.MULTILINE)
    }
    assert {name for name in importing if not name.startswith("benchmarks/")} == set()
    assert importing, "the search finds those of tests/benchmarks"


def test_no_file_of_the_product_has_over_300_lines():
    lengths = {str(file.relative_to(ROOT)): file.read_text().count("\n") for file in _product(".py", ".js", ".css")}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_no_function_of_the_product_has_over_60_lines():
    """Biome enforces the same limit in JavaScript (`biome.json`)."""
    lengths = {
        f"{file.relative_to(ROOT)}: {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for file in _product(".py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert lengths
    assert {name: length for name, length in lengths.items() if length > 60} == {}
