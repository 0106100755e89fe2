"""The files of our own JavaScript are one script."""

from __future__ import annotations

from pathlib import Path

from components import browser


def test_every_file_is_in_the_script_once() -> None:
    folder = Path(browser.__file__).parent
    assert sorted(browser.FILES) == sorted(path.name for path in folder.glob("*.js"))
    for name in browser.FILES:
        assert browser.script().count((folder / name).read_text(encoding="utf-8")) == 1, name
