"""The app needs neither `tests/`, `benchmarks/` nor `harness/`, and the tests need no benchmark but to test it."""

import re
import shutil
import subprocess
import sys

from harness.local import ROOT

APP = ("app.py", "backend", "two_heads", "components", "pages", ".streamlit")
#: Imports the entry, and reads the one file of results that is recorded outside the app.
SCRIPT = "import app; from backend.speed.result import recorded; print(len(recorded().points))"


def test_the_app_runs_in_a_folder_of_its_own(tmp_path):
    for name in APP:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.splitlines()[-1]) > 0


def test_only_the_tests_of_the_benchmarks_import_them():
    importing = {
        str(file.relative_to(ROOT / "tests"))
        for file in (ROOT / "tests").rglob("*.py")
        if re.search(r"^\s*(from|import) benchmarks\b", file.read_text(), re.MULTILINE)
    }
    assert {name for name in importing if not name.startswith("benchmarks/")} == set()
    assert importing, "the search finds those of tests/benchmarks"
