"""What a server stores, so that after a restart it can say what was interrupted."""

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

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.training import Training
from backend.experiment.url import write_query
from backend.jobs import Job
from backend.jobs.registry import JobRegistry
from backend.training.store import RunStore

ROOT = Path(__file__).parents[3]
MINE = Experiment(training=Training(epochs=7))
#: The table as the version before wrote it.
EARLIER = "CREATE TABLE runs (visitor TEXT PRIMARY KEY, query TEXT, at REAL)"


def begin(store, visitor, experiment=MINE, kind="train", job=None, **parts):
    jobs = parts or {"": job or Job(visitor, kind, {})}
    store.begin(visitor, kind, write_query(experiment.unlabelled()), jobs)
    return next(iter(jobs.values()))


def lost(folder, visitor, kind="train"):
    """What the next server knows."""
    return RunStore(folder).lost(visitor, kind)


def end(job, state):
    board = JobRegistry(4, 100)
    board.add(job)
    board.take()
    board.end(job, state)
    return job


def file_of(folder):
    (file,) = folder.iterdir()
    return file


def change(file, statement, *values):
    with closing(sqlite3.connect(file)) as runs, runs:
        runs.execute(statement, values)


def test_after_a_restart_the_latest_run_of_each_visitor_is_known(tmp_path):
    server = RunStore(tmp_path)
    begin(server, "ada", Experiment())
    begin(server, "ada", MINE)
    begin(server, "bob", Experiment())
    assert server.lost("ada", "train") is None, "its own runs are not lost"
    found = lost(tmp_path, "ada")
    assert (found.experiment, found.finished, found.kind) == (MINE, False, "train")
    assert found.at == pytest.approx(time.time(), abs=60)
    assert lost(tmp_path, "bob").experiment == Experiment()
    assert lost(tmp_path, "cy") is None


def test_each_kind_of_job_has_its_own_latest_run(tmp_path):
    server = RunStore(tmp_path)
    begin(server, "ada", MINE, "train")
    server.begin("ada", "speed", {"k": ["1,2"], "modes": ["fit"]}, {"": Job("ada", "speed", {})})
    assert lost(tmp_path, "ada", "train").experiment == MINE
    assert lost(tmp_path, "ada", "speed").query == {"k": ["1,2"], "modes": ["fit"]}
    server.forget("ada", "speed")
    assert lost(tmp_path, "ada", "speed") is None
    assert lost(tmp_path, "ada", "train")


@pytest.mark.parametrize(
    ("state", "finished"), [("finished", True), ("lost", False), ("failed", None), ("cancelled", None)]
)
def test_the_end_of_a_job_is_stored_for_all_who_waited_for_it(tmp_path, state, finished):
    server = RunStore(tmp_path)
    job = begin(server, "ada")
    begin(server, "bob", job=job)
    other = begin(server, "cy")
    server.ended(end(job, state))
    for visitor in ("ada", "bob"):
        found = lost(tmp_path, visitor)
        assert (found and found.finished) == finished
    assert lost(tmp_path, "cy").finished is False
    server.ended(end(other, "finished"))
    assert lost(tmp_path, "cy").finished


def test_a_cached_result_is_stored_as_finished(tmp_path):
    begin(RunStore(tmp_path), "ada", job=end(Job("bob", "train", {}), "finished"))
    assert lost(tmp_path, "ada").finished


def test_a_test_of_several_claims_is_finished_once_all_claims_are(tmp_path):
    server = RunStore(tmp_path)
    shapes, speed = Job("ada", "claim", {}), Job("ada", "claim", {})
    begin(server, "ada", kind="claim", shapes=shapes)
    begin(server, "ada", kind="claim", speed=speed)
    server.ended(end(shapes, "finished"))
    found = lost(tmp_path, "ada", "claim")
    assert (set(found.parts), found.finished, found.experiment) == ({"shapes", "speed"}, False, MINE)
    server.ended(end(speed, "finished"))
    assert lost(tmp_path, "ada", "claim").finished
    begin(server, "ada", Experiment(), kind="claim", optimizers=Job("ada", "claim", {}))
    found = lost(tmp_path, "ada", "claim")
    assert (found.parts, found.experiment) == (("optimizers",), Experiment()), "other settings replace the earlier ones"


def test_forgetting_a_job_leaves_a_later_one_stored(tmp_path):
    server = RunStore(tmp_path)
    first = begin(server, "ada", Experiment())
    second = begin(server, "ada", MINE)
    server.forget("ada", "train", first)
    assert lost(tmp_path, "ada").experiment == MINE
    server.forget("ada", "train", second)
    assert lost(tmp_path, "ada") is None


def test_a_repeated_or_dismissed_run_is_no_longer_lost(tmp_path):
    for visitor in ("ada", "bob"):
        begin(RunStore(tmp_path), visitor)
    second = RunStore(tmp_path)
    second.forget("ada", "train")
    begin(second, "bob", Experiment())
    assert second.lost("ada", "train") is second.lost("bob", "train") is None
    assert lost(tmp_path, "ada") is None
    assert lost(tmp_path, "bob").experiment == Experiment()


def test_the_file_contains_no_personal_data(tmp_path):
    heads = (Head.for_task("mean", label="Ada's wind"),)
    begin(RunStore(tmp_path), "a secret cookie", Experiment(architecture=Architecture(heads=heads)))
    file = file_of(tmp_path)
    assert b"secret" not in file.read_bytes()
    assert b"wind" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_old_runs_and_unreadable_rows_are_skipped(tmp_path):
    for visitor in ("ada", "bob", "cy"):
        begin(RunStore(tmp_path), visitor)
    file = file_of(tmp_path)
    with closing(sqlite3.connect(file)) as runs:
        _, bob, cy = [visitor for (visitor,) in runs.execute("SELECT visitor FROM runs ORDER BY at")]
    change(file, "UPDATE runs SET at = ? WHERE visitor = ?", time.time() - 48 * 3600, bob)
    change(file, "UPDATE runs SET at = NULL WHERE visitor = ?", cy)
    assert lost(tmp_path, "ada").experiment == MINE
    assert lost(tmp_path, "bob") is lost(tmp_path, "cy") is None


def halved(tmp_path):
    """A real file of ours, whose pages were overwritten."""
    begin(RunStore(tmp_path / "whole"), "ada")
    content = bytearray((tmp_path / "whole" / "runs.sqlite").read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    return bytes(content)


def of_a_later_format(tmp_path):
    """A real file, of a format that this SQLite does not know."""
    begin(RunStore(tmp_path / "whole"), "ada")
    content = bytearray((tmp_path / "whole" / "runs.sqlite").read_bytes())
    content[44:48] = (99).to_bytes(4, "big")
    return bytes(content)


BROKEN = {
    "no database": lambda folder: b"\xff\xfe no database \x00" * 100,
    "a header alone": lambda folder: b"SQLite format 3\x00" + b"\xff" * 4096,
    "damaged pages": halved,
    "a later format": of_a_later_format,
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_is_renamed_and_the_next_run_is_stored(tmp_path, caplog, how):
    content, folder = BROKEN[how](tmp_path), tmp_path / "state"
    folder.mkdir()
    (folder / "runs.sqlite").write_bytes(content)
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        begin(RunStore(folder), "ada")
    (line,) = caplog.messages
    aside = next(file for file in folder.iterdir() if file.name.startswith("runs.sqlite.broken-"))
    assert aside.read_bytes() == content
    assert "is broken" in line
    assert f"renamed to {aside.name}" in line
    assert lost(folder, "ada").experiment == MINE


@pytest.mark.parametrize(
    "tables", [[EARLIER], ["CREATE TABLE notes (text TEXT)"], ["CREATE VIEW runs AS SELECT 1 AS visitor"]]
)
def test_a_file_with_another_schema_is_renamed_and_a_new_one_created(tmp_path, caplog, tables):
    file = tmp_path / "runs.sqlite"
    for table in tables:
        change(file, table)
    if tables == [EARLIER]:
        change(file, "INSERT INTO runs VALUES ('somebody', 'epochs=7', ?)", time.time())
    content = file.read_bytes()
    with caplog.at_level(logging.WARNING):
        server = RunStore(tmp_path)
        begin(server, "ada")
    (line,) = caplog.messages
    assert "is of another version" in line
    (aside,) = (other for other in tmp_path.iterdir() if other != file)
    assert aside.name.startswith("runs.sqlite.other-schema-")
    assert aside.name in line
    assert aside.read_bytes() == content
    assert lost(tmp_path, "ada").experiment == MINE


def test_a_renamed_file_overwrites_no_other_and_takes_its_journal_along(tmp_path):
    file = tmp_path / "runs.sqlite"
    for number in range(3):
        change(file, f"CREATE TABLE other{number} (text TEXT)")
        (tmp_path / "runs.sqlite-wal").write_bytes(b"")
        begin(RunStore(tmp_path), "ada")
        assert not (tmp_path / "runs.sqlite-wal").exists()
        file.unlink()
    aside = [path for path in tmp_path.iterdir() if not path.name.endswith("-wal")]
    assert len(aside) == 3
    assert all(Path(f"{path}-wal").exists() for path in aside)


def test_a_file_that_breaks_while_the_server_runs_is_renamed_too(tmp_path):
    server = RunStore(tmp_path)
    begin(server, "ada", Experiment())
    file_of(tmp_path).write_bytes(b"\xff\xfe no database \x00" * 100)
    begin(server, "bob")
    assert lost(tmp_path, "bob").experiment == MINE
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_if_the_file_cannot_be_renamed_only_its_information_is_lost(tmp_path, caplog):
    (tmp_path / "runs.sqlite").write_bytes(b"\xff\xfe no database \x00" * 100)
    tmp_path.chmod(0o500)
    try:
        begin(RunStore(tmp_path), "ada")
    finally:
        tmp_path.chmod(0o700)
    assert "not stored" in caplog.text


def test_the_file_keeps_a_bounded_number_of_visitors(tmp_path):
    server = RunStore(tmp_path)
    begin(server, "ada")
    file = file_of(tmp_path)
    for batch in range(0, 5000, 1000):
        rows = [(f"{number:032}", "train", "", "lstm=8", "", 0, float(number)) for number in range(batch, batch + 1000)]
        with closing(sqlite3.connect(file)) as runs, runs:
            runs.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    begin(server, "bob")
    with closing(sqlite3.connect(file)) as runs:
        assert runs.execute("SELECT count(*) FROM runs").fetchone() == (2000,)
    assert lost(tmp_path, "ada").experiment == lost(tmp_path, "bob").experiment == MINE


@pytest.mark.parametrize("place", ["not/there", "file/below"])
def test_if_the_folder_cannot_be_created_only_the_information_is_lost(tmp_path, caplog, place):
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        begin(RunStore(tmp_path / place), "ada")
    assert ("not stored" in caplog.text) == (place == "file/below")
    assert bool(lost(tmp_path / place, "ada")) == (place == "not/there")


def test_a_link_is_not_followed(tmp_path):
    target = tmp_path / "target"
    target.write_text("")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "runs.sqlite").symlink_to(target)
    begin(RunStore(tmp_path / "state"), "ada")
    assert target.read_text() == ""


def test_a_pipe_in_place_of_the_file_is_refused_without_waiting(tmp_path, caplog):
    os.mkfifo(tmp_path / "runs.sqlite")
    with caplog.at_level(logging.WARNING):
        begin(RunStore(tmp_path), "ada")
    assert "not stored" in caplog.text


def test_on_a_full_disk_only_the_information_is_lost(tmp_path):
    """The kernel refuses every byte here, as a full disk does."""
    program = "from pathlib import Path\nfrom backend.jobs import Job\nfrom backend.training.store import RunStore\n"
    program += f"RunStore(Path({str(tmp_path)!r})).begin('ada', 'train', {{}}, {{'': Job('ada', 'train', {{}})}})\n"
    program += "print('goes on')"
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "not stored" in done.stderr
    assert lost(tmp_path, "ada") is None
