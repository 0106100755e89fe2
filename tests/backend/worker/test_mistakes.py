"""A script is executed, and what it prints and raises is kept within bounds."""

import sys

import pytest

import backend.worker.mistakes
from backend.config.settings import Settings
from backend.jobs.runtime import Cancelled, Context, JobRefused, flag
from backend.lessons import load, scripts
from backend.questions.mistakes.job import MistakeJob
from backend.worker.mistakes import MOST_ERROR, MOST_PRINTED, mistake, run
from tests.builders.lessons import WRONG, fill


def test_the_output_and_the_answer_are_kept():
    ran = run("import sys\nprint('a', 1)\nsys.stdout.write('b')\nanswer = 'three'", Context())
    assert (ran.printed, ran.answer, ran.error, ran.output) == ("a 1\nb", "three", "", "a 1\nb")
    assert [run(source, Context()).answer for source in ("answer = 3", "other = 3")] == ["", ""]


@pytest.mark.slow
def test_an_exception_is_kept_with_what_was_printed_before(capsys):
    usual = sys.stdout
    ran = run("print('before')\nraise KeyError('what\\nand more')", Context())
    assert (ran.answer, ran.error) == ("", "KeyError: 'what\\nand more'")
    assert ran.output == "before\nKeyError: 'what\\nand more'"
    assert run("raise ValueError('first\\nsecond')", Context()).error == "ValueError: first"
    assert run("raise ValueError", Context()).output == "ValueError: "
    assert sys.stdout is usual
    assert capsys.readouterr().out == ""


def test_long_output_and_messages_are_cut():
    ran = run("print('x' * 10_000)\nraise ValueError('y' * 10_000)", Context())
    assert len(ran.printed) == MOST_PRINTED
    assert len(ran.error) == MOST_ERROR
    assert ran.printed.endswith("…")


def test_a_cancelled_script_stops_at_a_print():
    context = Context("a mistake, cancelled")
    flag(context.job_id)
    with pytest.raises(Cancelled):
        run("print('here')\nraise AssertionError", context)


def test_the_scripts_of_an_author_are_run_from_the_folder_that_the_operator_allows(tmp_path, monkeypatch):
    folder = fill(tmp_path)
    (lesson,) = load(folder).lessons

    def verdict():
        job = MistakeJob.on(scripts.find(lesson.steps[0], folder, folder)[0])
        return job.definition.verdict(mistake(job, Context()))

    with pytest.raises(JobRefused):
        verdict()
    monkeypatch.setattr(backend.worker.mistakes, "settings", lambda: Settings(lessons_scripts=folder))
    assert (verdict().answer, verdict().mended) == ("one", True)
    (folder / "right.py").write_text(WRONG)
    assert not verdict().mended
