"""A folder of the settings that cannot be used: a sentence that says why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backend.config.folders import unusable_folders
from backend.config.settings import Settings
from harness.local import ROOT

LOST = (
    "It takes a folder that the server may write to. "
    "Until it can be used, no run, no progress in lessons and no room is saved."
)


def sentence(folder: Path, **settings: str) -> str | None:
    return next(iter(unusable_folders(Settings(state_dir=folder, **settings))), None)  # type: ignore[arg-type]


def test_a_file_in_its_place_or_above_it_is_named(tmp_path: Path) -> None:
    (file := tmp_path / "file").touch()
    assert sentence(file) == f"TWOHEADS_STATE_DIR={str(file)!r}: it cannot be written to (File exists). {LOST}"
    assert "Not a directory" in (sentence(file / "below") or "")


def test_a_folder_of_lessons_that_is_not_there_is_named(tmp_path: Path) -> None:
    (file := tmp_path / "file").touch()
    missing = tmp_path / "lesons"
    given = Settings(state_dir=tmp_path, lessons=missing, lessons_scripts=file)
    assert unusable_folders(given) == [
        f"TWOHEADS_LESSONS={str(missing)!r}: there is no such folder. It takes a folder of lessons. "
        "Until it can be used, its lessons are missing.",
        f"TWOHEADS_LESSONS_SCRIPTS={str(file)!r}: there is no such folder. It takes a folder of lessons. "
        "Until it can be used, no script of a lesson is run.",
    ]
    assert not unusable_folders(Settings(state_dir=tmp_path, lessons=tmp_path, lessons_scripts=tmp_path))


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0 or shutil.which("unshare") is None, reason="only root mounts")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    mounted = "mount -t tmpfs -o ro none . && exec"
    ran = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f'cd "$1" && {mounted} "$2" -c "$3" "$1"', "sh", tmp_path, sys.executable,
         _CODE],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if "mount" in ran.stderr:
        pytest.skip(ran.stderr)
    assert "Read-only file system" in ran.stdout, ran.stderr


_CODE = """
import os, sys
from pathlib import Path
from backend.config.settings import Settings
from backend.config.folders import unusable_folders
if len(sys.argv) > 2 and os.getuid() == 0:
    os.setuid(int(sys.argv[2]))
print(unusable_folders(Settings(state_dir=Path(sys.argv[1]))))
"""
