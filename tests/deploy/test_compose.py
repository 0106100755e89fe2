"""compose.yaml: every container is locked down, and the cluster trains behind certificates."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import dask
import psutil
import pytest

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs import JobManager
from backend.jobs.cluster import CONFIG
from backend.training.job import TrainJob
from backend.web.descriptors import ENOUGH
from backend.worker.kinds import JOB_KINDS
from harness.local import ROOT
from tests.builders.composed import Cluster, make_certificates, services

#: Little to trace.
SMALL = Experiment(
    architecture=Architecture(lstm=(4,), timesteps=4), sequences=Sequences(samples=64), training=Training(epochs=1)
)


@pytest.mark.parametrize("name", services())
def test_every_container_is_locked_down(name: str) -> None:
    service = services()[name]
    assert service["read_only"]
    assert service["init"]
    assert service["tmpfs"] == ["/tmp:size=1g,mode=1777"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert all(limit >= ENOUGH for limit in service["ulimits"]["nofile"].values())
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["stop_grace_period"] == "10s"
    assert not service["user"].startswith("0")
    assert "healthcheck" in service
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_dask_has_the_settings_of_the_embedded_cluster(name: str) -> None:
    environment = services()[name]["environment"]
    there = dask.config.collect_env(environment)
    assert {option: dask.config.get(option, config=there) for option in CONFIG} == CONFIG
    assert len([variable for variable in environment if variable.startswith("DASK_")]) == len(CONFIG)


def test_the_app_runs_alone_by_default() -> None:
    assert [name for name, service in services().items() if "profiles" not in service] == ["app"]
    assert services()["app"]["environment"]["TWOHEADS_SCHEDULER"] == ""


def test_the_app_stops_before_its_workers_and_keeps_its_state_on_a_volume() -> None:
    app = services()["app"]
    assert {name: (how["condition"], how["required"]) for name, how in app["depends_on"].items()} == {
        "scheduler": ("service_started", False),
        "worker": ("service_started", False),
    }
    assert "state:/state" in app["volumes"]
    assert "TWOHEADS_STATE_DIR=/state" in (ROOT / "Dockerfile").read_text()


def test_only_their_owner_can_read_the_keys(tmp_path: Path) -> None:
    make_certificates(tmp_path)
    make_certificates(tmp_path)  # again, over the old ones
    keys = sorted(tmp_path.glob("*.key"))
    assert [key.stem for key in keys] == ["app", "scheduler", "worker"]
    assert {oct(key.stat().st_mode & 0o777) for key in keys} == {"0o600"}


@pytest.mark.soak
@pytest.mark.jobs
@pytest.mark.takes("a scheduler and a worker, which loads Keras, start one after the other")
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
