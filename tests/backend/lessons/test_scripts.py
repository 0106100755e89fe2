"""An author's own mistake: two scripts beside the lesson, which run only if the operator allows the folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.config.settings import Settings
from backend.lesson_check import check
from backend.lessons import InvalidLesson, load, parse, scripts
from backend.questions.mistakes.base import deciding_lines
from backend.questions.mistakes.job import MistakeJob
from backend.questions.mistakes.own import MOST_BYTES, NoScripts
from backend.questions.mistakes.own import load as load_scripts
from backend.services import Services
from tests.builders.lessons import OWN, RIGHT, WRONG, fill


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lessons").mkdir()
    return fill(tmp_path / "lessons")


def step_of(folder: Path):
    (lesson,) = load(folder).lessons
    return lesson.steps[0]


def test_scripts_are_read_only_from_the_folder_that_the_operator_allows(folder, tmp_path):
    step = step_of(folder)
    for allowed in (None, tmp_path, folder / "deeper"):
        refused, reason = scripts.find(step, folder, allowed)
        assert (refused, "TWOHEADS_LESSONS_SCRIPTS" in reason) == (None, True)
    mistake, _ = scripts.find(step, folder, folder)
    assert (mistake.broken, mistake.mended, mistake.ticked) == (WRONG, RIGHT, "one")
    assert "layers.Dense(2)" in deciding_lines(mistake.broken, mistake.mended)
    job = MistakeJob.on(mistake)
    assert job.sources(folder) == (WRONG, RIGHT)
    assert WRONG not in job.model_dump_json(), "a payload holds no source"
    (folder / "wrong.py").write_text("print(1)")
    with pytest.raises(NoScripts, match="have changed"):
        job.sources(folder)


@pytest.mark.parametrize(
    "name", ["../secret.py", "secret.txt", "a/b.py", ".hidden.py", "missing.py", "link.py", "big.py"]
)
def test_no_other_file_is_read(folder, tmp_path, name):
    (tmp_path / "secret.py").write_text("print(1)")
    (folder / "link.py").symlink_to(tmp_path / "secret.py")
    (folder / "big.py").write_text("#" * (MOST_BYTES + 1))
    with pytest.raises(NoScripts):
        load_scripts((name, "right.py"), folder, folder, "", ("one",), "one")


def test_the_board_shows_the_lines_that_the_author_has_chosen(folder):
    step, wrong = step_of(folder), WRONG.splitlines()
    mistake, _ = scripts.find(step, folder, folder)
    for lines, shown in (
        (("1", "4-7"), [wrong[0], "…", wrong[3], *wrong[5:7], "…"]),
        (("900",), deciding_lines(WRONG, RIGHT).splitlines()),
    ):
        step = step.model_copy(update={"block": step.block.model_copy(update={"lines": lines})})
        assert scripts.lines_for_board(step, mistake).splitlines() == shown
    assert "line 900" in scripts.missing_lines(step.block, mistake)


def test_what_is_wrong_with_the_block_is_said(folder):
    for before, after, reason in (
        ("[wrong.py, right.py]", "[../wrong.py, right.py]", "“scripts” takes the names of two scripts"),
        ("[wrong.py, right.py]", "[wrong.py]", "“scripts” takes the names of two scripts"),
        ("scripts: [wrong.py, right.py]\n", "", "A mistake of your own is two scripts"),
        ("show: [scripts]", "show: [clone]", "write “page: mistake”, “show: [scripts]”"),
        ("show: [scripts]", "show: [scripts]\nlines: [two]", "“lines” takes a list of lines of the first script"),
        ("show: [scripts]", "show: [scripts]\nlines: [9-7]", "“lines” are at most 12 lines of a script"),
        ("show: [scripts]", "show: [scripts]\nlines: [1-900]", "“lines” are at most 12 lines of a script"),
        ("scripts: [wrong.py, right.py]\nshow: [scripts]", "show: [clone]\nlines: [99]", "“lines” names line 99, but"),
    ):
        with pytest.raises(InvalidLesson, match=re.escape(reason)):
            parse(OWN.replace(before, after))


def test_the_check_says_that_the_operator_has_not_allowed_the_folder(folder, tmp_path):
    without = Services.build(Settings(state_dir=tmp_path, workers=1))
    (refused,) = check(load(folder).lessons, without)
    without.close()
    assert "the operator of this server has not allowed" in refused.faults[0]
