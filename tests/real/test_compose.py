"""The services of compose.yaml train, and refuse strangers."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import psutil
import pytest

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs import JobManager
from backend.training.job import TrainJob
from backend.worker.kinds import JOB_KINDS
from tests.builders.composed import Cluster, make_certificates

pytestmark = pytest.mark.jobs

#: Little to trace.
SMALL = Experiment(
    architecture=Architecture(lstm=(4,), timesteps=4), sequences=Sequences(samples=64), training=Training(epochs=1)
)


def test_the_app_trains_on_the_cluster_and_the_scheduler_refuses_clients_without_a_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(psutil.Process().children())
    with Cluster(tmp_path) as cluster:
        for name, value in cluster.environment.items():
            monkeypatch.setenv(name, value)
        jobs = JobManager(Settings(), JOB_KINDS)
        jobs.start()
        try:
            view = jobs.wait(jobs.submit("ada", "train", TrainJob(experiment=SMALL)), 120)
            assert view.state == "finished", view.message
            started = set(psutil.Process().children()) - before
            assert len(started) == 2, "beside the scheduler and the worker, the app has started workers of its own"
        finally:
            jobs.stop()
        for node in ("app", "worker"):
            assert _answers(cluster.port, tmp_path, node)
        assert not _answers(cluster.port, tmp_path, None)
        make_certificates(tmp_path / "others")
        assert not _answers(cluster.port, tmp_path, "app", tmp_path / "others")


def _answers(port: int, authority: Path, node: str | None, own: Path | None = None) -> bool:
    """Whether the scheduler accepts a client with this node's certificate."""
    context = ssl.create_default_context(cafile=authority / "ca.pem")
    context.check_hostname = False
    if node:
        context.load_cert_chain((own or authority) / f"{node}.pem", (own or authority) / f"{node}.key")
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 10) as plain,
            context.wrap_socket(plain) as connection,
        ):
            return connection.recv(1) != b""
    except (ssl.SSLError, ConnectionError):
        return False
