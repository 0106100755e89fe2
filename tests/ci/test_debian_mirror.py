"""The mirror of packages is the one that the machine's own configuration names."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from harness.local import ROOT

#: Sources of apt that are no mirror: a disc, other vendors' archives, and Debian's archives without most packages.
APT = """\
cdrom:[Debian]/ main trixie Debian
https://tools.example/debian/ main trixie Tools
https://tools.example/backports/ main trixie Debian Backports
http://mirror.example/debian-security/ main trixie-security Debian
http://mirror.example/debian/ contrib trixie Debian
"""
MIRROR = "http://mirror.example/debian/ main trixie Debian\n"


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
