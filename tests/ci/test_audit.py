"""`.ci/audit` with auditors that find something, find nothing, cannot look, and leave packages out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.local import ROOT

HOLE = {"id": "CVE-1", "fix_versions": ["9.9"], "aliases": [], "description": ""}
#: What the auditor reports of the pinned packages. Those that are not listed have no vulnerability.
CLEAN: list[Any] = []
JINJA = [{"name": "jinja2", "version": "2.4.1", "vulns": [HOLE]}]
LEFT_OUT = [{"name": "numpy", "skip_reason": "Dependency not found"}]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("canary", "pinned", "code", "words"),
    [
        (JINJA, CLEAN, 0, "no known vulnerability"),
        (JINJA, [{"name": "numpy", "version": "2.0", "vulns": [HOLE]}], 1, "numpy 2.0: CVE-1, fixed in 9.9"),
        ([{"name": "jinja2", "version": "2.4.1", "vulns": []}], CLEAN, 2, "could not check: no vuln"),
        (JINJA, LEFT_OUT, 2, "could not check: these packages were left out: numpy"),
        (JINJA, [{"name": "numpy"}], 2, "packages were looked up"),
    ],
)  # fmt: skip
def test_the_audit_reports_vulnerabilities_and_admits_when_it_could_not_check(
    tmp_path: Path, canary: list[Any], pinned: list[Any], code: int, words: str
) -> None:
    auditor = tmp_path / "pip-audit"
    auditor.write_text(
        f"#!{sys.executable}\n"
        "import json, sys\n"
        "given = dict(zip(sys.argv, sys.argv[1:]))\n"
        f"canary, pinned = json.loads({json.dumps(json.dumps([canary, pinned]))})\n"
        "known = {each['name']: each for each in pinned}\n"
        "names = [line.split('==')[0] for line in open(given['--requirement'])]\n"
        "clean = [known.get(name, {'name': name, 'version': '1', 'vulns': []}) for name in names]\n"
        "found = canary if 'canary' in given['--requirement'] else clean\n"
        "json.dump({'dependencies': found}, open(given['--output'], 'w'))\n"
        "sys.exit(any(each.get('vulns') for each in found))\n"
    )
    auditor.chmod(0o755)
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "audit")],
        env={**os.environ, "PIP_AUDIT": str(auditor)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, words in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
