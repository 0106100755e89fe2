"""What a server writes down so that the next one can say what was lost."""

import json
import logging
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.architecture import Architecture, Head
from backend.experiment import Experiment
from backend.ledger import Ledger
from backend.training import Training

ROOT = Path(__file__).parents[2]
MINE = Experiment(training=Training(epochs=7))


def test_the_next_server_knows_the_last_run_of_each_visitor(tmp_path):
    server = Ledger(tmp_path)
    server.begin("ada", Experiment())
    server.begin("ada", MINE)
    server.begin("bob", Experiment())
    assert server.lost("ada") is None, "its own runs are not lost"
    after = Ledger(tmp_path)
    assert after.lost("ada").experiment == MINE
    assert after.lost("ada").at == pytest.approx(time.time(), abs=60)
    assert after.lost("bob").experiment == Experiment()
    assert after.lost("cy") is None


def test_a_run_that_was_repeated_or_let_go_is_not_missed_again(tmp_path):
    for visitor in ("ada", "bob"):
        Ledger(tmp_path).begin(visitor, MINE)
    second = Ledger(tmp_path)
    second.forget("ada")
    second.begin("bob", Experiment())
    assert second.lost("ada") is second.lost("bob") is None
    third = Ledger(tmp_path)
    assert third.lost("ada") is None
    assert third.lost("bob").experiment == Experiment()


def test_the_file_says_nothing_of_a_person(tmp_path):
    heads = (Head.for_task("mean", label="Ada's wind"),)
    Ledger(tmp_path).begin("a secret cookie", Experiment(architecture=Architecture(heads=heads)))
    (file,) = tmp_path.iterdir()
    text = file.read_text()
    assert "secret" not in text
    assert "wind" not in text
    assert file.stat().st_mode & 0o077 == 0


def test_old_runs_and_lines_that_cannot_be_read_are_left_out(tmp_path):
    Ledger(tmp_path).begin("ada", MINE)
    (file,) = tmp_path.iterdir()
    (line,) = file.read_text().splitlines()
    old = json.dumps({**json.loads(line), "visitor": "0" * 32, "at": time.time() - 48 * 3600})
    file.write_text("\n".join(["{", "[]", "7", '{"visitor": 1}', old, line]) + "\n")
    assert Ledger(tmp_path).lost("ada").experiment == MINE


def test_the_file_does_not_grow_for_ever(tmp_path):
    file = tmp_path / "runs.jsonl"
    file.write_text("{}\n" * 9000)
    Ledger(tmp_path)
    assert len(file.read_text().splitlines()) == 2000


@pytest.mark.parametrize("place", ["not/there", "file/below"])
def test_a_folder_that_cannot_be_costs_the_memory_alone(tmp_path, caplog, place):
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        Ledger(tmp_path / place).begin("ada", MINE)
    assert ("not written down" in caplog.text) == (place == "file/below")
    assert bool(Ledger(tmp_path / place).lost("ada")) == (place == "not/there")


def test_a_link_is_not_followed(tmp_path):
    target = tmp_path / "target"
    target.write_text("")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "runs.jsonl").symlink_to(target)
    Ledger(tmp_path / "state").begin("ada", MINE)
    assert target.read_text() == ""


def test_a_full_disk_costs_the_memory_alone(tmp_path):
    """The kernel refuses every byte here, as a full disk does."""
    program = f"from backend.ledger import Ledger\nLedger(__import__('pathlib').Path({str(tmp_path)!r}))"
    program += ".begin('ada', __import__('backend.experiment').experiment.Experiment())\nprint('goes on')"
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "not written down" in done.stderr
    assert Ledger(tmp_path).lost("ada") is None
