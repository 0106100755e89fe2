"""compose.yaml: every container is locked down. `tests/real` has the cluster that trains behind certificates."""

from __future__ import annotations

from pathlib import Path

import dask
import pytest

from backend.jobs.cluster import CONFIG
from backend.web.descriptors import ENOUGH
from tests.builders.composed import make_certificates, services


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


def test_only_their_owner_can_read_the_keys(tmp_path: Path) -> None:
    make_certificates(tmp_path)
    make_certificates(tmp_path)  # again, over the old ones
    keys = sorted(tmp_path.glob("*.key"))
    assert [key.stem for key in keys] == ["app", "scheduler", "worker"]
    assert {oct(key.stat().st_mode & 0o777) for key in keys} == {"0o600"}
