"""The files of our own JavaScript are one script."""

from __future__ import annotations

from pathlib import Path

from components import browser


def test_every_file_is_in_the_script_once_and_the_runtime_is_first() -> None:
    folder = Path(browser.__file__).parent
    for path in folder.glob("*.js"):
        assert browser.script().count(path.read_text(encoding="utf-8")) == 1, path
    assert browser.script().startswith((folder / "runtime.js").read_text(encoding="utf-8"))
