"""The library: a broken lesson does not stop the others, and a changed file is read again."""

from __future__ import annotations

import os
from pathlib import Path

from backend.lessons import load
from tests.builders.lessons import GOLDEN


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_broken_lesson_is_named_and_the_others_work(tmp_path: Path) -> None:
    written(tmp_path, "1.md", "nothing")
    written(tmp_path, "2.md", GOLDEN)
    written(tmp_path, "3.md", b"\xff\xfe\x00")
    written(tmp_path, "4.md", GOLDEN)
    written(tmp_path, "5.md", "x" * 300_000)
    (tmp_path / "6.md").symlink_to("/proc/self/mem")  # a read of it fails, as that of a file without permission
    written(tmp_path, "notes.txt", "no lesson")
    shelf = load(tmp_path, tmp_path / ("x" * 300))
    assert [lesson.file for lesson in shelf.lessons] == ["2.md"]
    named = {error.sentence.split(":")[0] for error in shelf.errors}
    assert {"1.md", "3.md", "4.md", "5.md", "6.md"} < named
    assert load(tmp_path / "gone").errors


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    assert not load(tmp_path).lessons
    path = written(tmp_path, "a.md", GOLDEN)
    first = load(tmp_path)
    assert [lesson.id for lesson in first.lessons] == ["small"]
    assert load(tmp_path).lessons[0] is first.lessons[0], "nothing has changed"
    written(tmp_path, "a.md", GOLDEN.replace("A small lesson", "Another lesson"))
    os.utime(path, ns=(1, 1))
    assert load(tmp_path).lessons[0].title == "Another lesson: two steps"
