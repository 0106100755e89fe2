"""The files of our own JavaScript are complete, and each has its own scope."""

from __future__ import annotations

from pathlib import Path

from components import browser


def test_every_file_is_listed_once_and_is_in_the_script() -> None:
    files = sorted(path.name for path in Path(browser.__file__).parent.glob("*.js"))
    assert sorted(browser.FILES) == files
    for name in files:
        assert (Path(browser.__file__).parent / name).read_text(encoding="utf-8") in browser.script()
