"""What a server writes down so that the next one can say what was lost."""

import logging
import os
import resource
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from backend.architecture import Architecture, Head
from backend.experiment import Experiment
from backend.ledger import Ledger, _hashed
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
    assert b"secret" not in file.read_bytes()
    assert b"wind" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def change(file: Path, statement: str, *values) -> None:
    with closing(sqlite3.connect(file)) as runs, runs:
        runs.execute(statement, values)


def test_old_runs_and_rows_that_cannot_be_read_are_left_out(tmp_path):
    for visitor in ("ada", "bob", "cy"):
        Ledger(tmp_path).begin(visitor, MINE)
    (file,) = tmp_path.iterdir()
    change(file, "UPDATE runs SET at = ? WHERE visitor = ?", time.time() - 48 * 3600, _hashed("bob"))
    change(file, "UPDATE runs SET at = NULL WHERE visitor = ?", _hashed("cy"))
    after = Ledger(tmp_path)
    assert after.lost("ada").experiment == MINE
    assert after.lost("bob") is after.lost("cy") is None


@pytest.mark.parametrize("content", [b"\xff\xfe no database \x00" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_broken_file_is_left_out_and_the_next_run_is_written_down(tmp_path, caplog, content):
    (tmp_path / "runs.sqlite").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        Ledger(tmp_path).begin("ada", MINE)
    assert "broken" in caplog.text
    assert Ledger(tmp_path).lost("ada").experiment == MINE


def test_the_file_does_not_grow_for_ever(tmp_path):
    server = Ledger(tmp_path)
    server.begin("ada", MINE)
    (file,) = tmp_path.iterdir()
    for batch in range(0, 5000, 1000):
        rows = [(f"{number:032}", "lstm=8", float(number)) for number in range(batch, batch + 1000)]
        with closing(sqlite3.connect(file)) as runs, runs:
            runs.executemany("INSERT INTO runs VALUES (?, ?, ?)", rows)
    server.begin("bob", MINE)
    with closing(sqlite3.connect(file)) as runs:
        assert runs.execute("SELECT count(*) FROM runs").fetchone() == (2000,)
    after = Ledger(tmp_path)
    assert after.lost("ada").experiment == after.lost("bob").experiment == MINE


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
    (tmp_path / "state" / "runs.sqlite").symlink_to(target)
    Ledger(tmp_path / "state").begin("ada", MINE)
    assert target.read_text() == ""


def test_what_is_no_file_is_not_waited_for(tmp_path, caplog):
    os.mkfifo(tmp_path / "runs.sqlite")
    with caplog.at_level(logging.WARNING):
        Ledger(tmp_path).begin("ada", MINE)
    assert "not written down" in caplog.text


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
