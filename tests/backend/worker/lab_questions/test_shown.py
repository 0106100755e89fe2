"""The script of a question contains the functions that a worker measures with."""

import inspect
from importlib import import_module

import pytest

from backend.lab.questions import QUESTIONS
from backend.scripts.source import source_of

IN_KERAS = [key for key, question in QUESTIONS.items() if question.measure is None]


@pytest.mark.parametrize("key", IN_KERAS)
def test_the_script_contains_what_the_worker_runs(key):
    measurement, worker = f"backend.lab.questions.{key}.measurement", f"backend.worker.lab_questions.{key}"
    shared = [each for each in vars(import_module(worker)).values() if inspect.isfunction(each)]
    shared = [each for each in shared if each.__module__ == measurement]
    assert shared
    script = QUESTIONS[key].script(QUESTIONS[key].settings())
    for function in shared:
        assert source_of([function]) in script
