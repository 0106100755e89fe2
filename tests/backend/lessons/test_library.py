"""The library: a broken lesson does not stop the others, and a changed file is read again."""

from __future__ import annotations

import os
from pathlib import Path

from backend.lessons import Library, load
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
    written(tmp_path, "notes.txt", "no lesson")
    shelf = load(tmp_path)
    assert [lesson.file for lesson in shelf.lessons] == ["2.md"]
    sentences = [error.sentence for error in shelf.errors]
    assert sentences[0].startswith("1.md:1: ")
    assert "3.md:1: The file cannot be read as UTF-8 text." in sentences
    assert "4.md:2: The id “small” is that of the lesson in 2.md." in sentences
    assert "5.md:1: The file is larger than 200,000 bytes." in sentences


def test_a_folder_or_a_file_that_cannot_be_read_is_named_and_the_others_work(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 300)
    assert load(long).errors[0].reason == "The folder cannot be read: file name too long."
    assert load(written(tmp_path, "file", "")).errors[0].reason == "This is a file. Give the folder that contains it."
    written(tmp_path, "1.md", GOLDEN)
    (tmp_path / "2.md").symlink_to("/proc/self/mem")  # a read of it fails, as that of a file without permission
    shelf = Library(tmp_path, long).shelf()
    assert [lesson.file for lesson in shelf.lessons] == ["1.md"]
    assert shelf.errors[0].sentence == "2.md:1: The file cannot be read: input/output error."
    assert len(shelf.errors) == 2


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    library = Library(one, other)
    assert not library.shelf().lessons
    path = written(other, "a.md", GOLDEN)
    first = library.shelf()
    assert [lesson.id for lesson in first.lessons] == ["small"]
    assert library.shelf() is first, "nothing has changed"
    written(other, "a.md", GOLDEN.replace("A small lesson", "Another lesson"))
    os.utime(path, ns=(1, 1))
    assert library.shelf().lessons[0].title == "Another lesson: two steps"
    written(one, "b.md", GOLDEN)
    assert "is that of the lesson in b.md" in library.shelf().errors[0].reason
