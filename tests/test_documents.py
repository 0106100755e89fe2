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
SOURCE = "\n".join((ROOT / file).read_text() for file in FILES)
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
ARCHITECTURE, CONFIGURE = ((ROOT / name).read_text() for name in ("ARCHITECTURE.md", "docs/configure.md"))
ALL = "\n".join(each.read_text() for each in DOCUMENTS)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"[\w/.]+\.py\b", ALL))))
def test_a_named_file_exists(name: str) -> None:
    assert [file for file in FILES if f"/{file}".endswith(f"/{name}")]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([A-Z]\w+\.\w+)`", ARCHITECTURE))))
def test_a_named_method_or_field_exists(name: str) -> None:
    owner, _, member = name.partition(".")
    assert re.search(rf"^class {owner}\b", SOURCE, re.MULTILINE)
    assert re.search(rf"^    (async )?(def )?{member}\b", SOURCE, re.MULTILINE)


def test_configure_lists_every_setting() -> None:
    shortened = {"TWOHEADS_TLS_CERT", "TWOHEADS_TLS_KEY"}  # listed as `_CERT` and `_KEY`
    named = set(re.findall(r"TWOHEADS_[A-Z_]*[A-Z]|\bDATABASE_URL|\bFORWARDED_ALLOW_IPS", CONFIGURE))
    assert named == {variable(name) for name in Settings.model_fields} - shortened


def test_configure_says_each_default() -> None:
    rows = re.findall(r"^\| ((?:`TWOHEADS_[A-Z_]+`(?:, )?)+) \| ([^|]+) \|", CONFIGURE, re.MULTILINE)
    said = {
        name: default
        for names, defaults in rows
        for name, default in zip(re.findall(r"`(\w+)`", names), defaults.split(", "), strict=False)
    }
    numbers = {
        variable(name): field.default
        for name, field in Settings.model_fields.items()
        if isinstance(field.default, int | float) and not isinstance(field.default, bool) and name != "workers"
    }
    assert {name: said[name] for name in numbers} == {name: f"{number:,}" for name, number in numbers.items()}


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)`", ALL))))
def test_a_named_command_exists(target: str) -> None:
    assert f"\n{target}:" in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(ROOT)))
def test_a_document_leads_only_to_files_that_exist(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
        if "://" not in target and not target.startswith(("mailto:", "/")):
            assert (document.parent / target).exists(), target
