"""The documents name files, methods, commands and variables that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.config.settings import Settings, variable
from harness.local import ROOT

FILES = [
    file.relative_to(ROOT)
    for folder in ("two_heads", "backend", "components", "pages", "harness", "benchmarks", "tests", "deploy")
    for file in (ROOT / folder).rglob("*.py")
] + [file.relative_to(ROOT) for file in ROOT.glob("*.py")]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
ARCHITECTURE, CONFIGURE = ((ROOT / name).read_text() for name in ("ARCHITECTURE.md", "docs/configure.md"))
ALL = "\n".join(each.read_text() for each in DOCUMENTS)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"[\w/.]+\.py\b", ALL))))
def test_a_named_file_exists(name: str) -> None:
    assert [file for file in FILES if f"/{file}".endswith(f"/{name}")]


def test_configure_lists_every_setting() -> None:
    shortened = {"TWOHEADS_TLS_CERT", "TWOHEADS_TLS_KEY"}  # listed as `_CERT` and `_KEY`
    named = set(re.findall(r"TWOHEADS_[A-Z_]*[A-Z]|\bDATABASE_URL|\bFORWARDED_ALLOW_IPS", CONFIGURE))
    assert named == {variable(name) for name in Settings.model_fields} - shortened


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)`", ALL))))
def test_a_named_command_exists(target: str) -> None:
    assert f"\n{target}:" in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(ROOT)))
def test_a_document_leads_only_to_files_that_exist(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
        if "://" not in target and not target.startswith(("mailto:", "/")):
            assert (document.parent / target).exists(), target
