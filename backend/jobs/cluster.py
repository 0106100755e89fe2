"""The Dask client: of an embedded cluster, or of an external scheduler."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing.spawn
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import dask
from distributed import Client, LocalCluster, Nanny, Security, Status

from backend.config.settings import Settings

log = logging.getLogger(__name__)

#: Seconds between two checks for nannies that have given up, and until a nanny without a worker counts as lost.
CHECK_EVERY, LOST_AFTER = 5.0, 300.0
#: Seconds in which a scheduler has to respond.
CONNECT_WITHIN = 5.0
#: Seconds in which a worker has to end.
_CLOSE_WITHIN = 1.5
PRELOAD = "backend.worker.preload"
_WORKER_PROCESS = "Dask Worker process"

#: Dask settings of the scheduler and the workers. `compose.yaml` sets the same for those in containers of their own.
CONFIG = {
    "distributed.scheduler.allowed-failures": 0,  # a job that kills its worker is not run again on the others
    "distributed.scheduler.work-stealing": False,  # the dispatcher chooses the worker
    "distributed.worker.profile.enabled": False,  # Dask would sample the job's stack 100 times a second
    "distributed.worker.memory.target": False,  # nothing to spill: results leave the worker at once
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.diagnostics.nvml": False,
    "distributed.admin.tick.interval": "1s",  # Dask would measure 50 times a second how busy its event loops are
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.log-length": 100,
    "distributed.admin.low-level-log-length": 100,  # Dask keeps the last messages of each topic and each connection
}
_OWN_CONFIG = {
    "distributed.admin.tick.limit": "30s",  # do not log that the web process is busy
    # `_keep_complete` replaces lost workers. Dask would check only once, this long after a worker left, whether it is
    # back. If its successor was being renewed at that moment, Dask would end it as soon as it had its first job.
    "distributed.deploy.lost-worker-timeout": "365 days",
}


@asynccontextmanager
async def connect(settings: Settings) -> AsyncIterator[Client]:
    """A client of the scheduler that `settings` name, or of an embedded cluster that lives as long as the client.

    An embedded cluster has worker processes under nannies, one thread each, on loopback, with mutual TLS and
    certificates that exist in memory only. Raises OSError (its TimeoutError included) or RuntimeError if there is no
    scheduler.
    """
    dask.config.set(CONFIG | _OWN_CONFIG)
    logging.getLogger("distributed").setLevel(logging.ERROR)  # the dispatcher logs what matters
    if settings.scheduler is not None:
        security = _security(settings)
        async with Client(
            settings.scheduler, security=security, timeout=CONNECT_WITHIN, asynchronous=True, set_as_default=False
        ) as client:
            yield client
        return
    async with embedded(settings) as cluster, Client(cluster, asynchronous=True, set_as_default=False) as client:
        yield client


@asynccontextmanager
async def embedded(settings: Settings) -> AsyncIterator[LocalCluster]:
    """A scheduler in this process, with workers as child processes, which end with it, even after kill -9."""
    _keep_main_out_of_workers()
    nannies = logging.getLogger("distributed.nanny")
    nannies.disabled = False
    cluster = LocalCluster(
        n_workers=settings.workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        security=True,
        dashboard_address="127.0.0.1:0",  # None would open port 8787
        memory_limit=settings.worker_memory_mb * 2**20,
        preload=[PRELOAD],
        silence_logs=logging.ERROR,
        asynchronous=True,
    )
    await cluster
    complete = asyncio.create_task(_keep_complete(cluster, settings.workers))
    try:
        yield cluster
    finally:
        complete.cancel()
        nannies.disabled = True  # one whose worker is just starting logs that it was cancelled
        await asyncio.gather(*map(_close, cluster.workers.values()), return_exceptions=True)
        try:
            await cluster.close()
        except OSError:  # one of its idle connections was stale: try once more, with a new one
            cluster.status = Status.failed
            await cluster.close()


async def _close(nanny: Nanny) -> None:
    """Close a nanny. Dask would wait 4 s for a worker that runs a job, and for ever for one that is starting."""
    process = nanny.pid
    try:
        async with asyncio.timeout(_CLOSE_WITHIN):
            await nanny.close(timeout=0.5)
    except TimeoutError:
        _kill(process)


async def _keep_complete(cluster: LocalCluster, workers: int) -> None:
    """Replace nannies that gave up because their worker died while it started, and kill workers that are stuck."""
    loop = asyncio.get_running_loop()
    last_alive: dict[Any, float] = {}  # when each nanny last had a worker, or was first listed
    while True:
        await asyncio.sleep(CHECK_EVERY)
        with_worker = {worker.name for worker in cluster.scheduler.workers.values()}
        for name, nanny in list(cluster.workers.items()):
            if name in with_worker or name not in last_alive:
                last_alive[name] = loop.time()
            if nanny.status in (Status.closed, Status.failed):
                log.warning("worker %s did not start, trying again", name)
                del cluster.workers[name], last_alive[name]
            elif loop.time() > last_alive[name] + LOST_AFTER:
                log.warning("worker %s has been starting for %.0f s, and is stopped", name, LOST_AFTER)
                last_alive[name] = loop.time()
                _kill(nanny.pid)
        cluster.scale(workers)


def _kill(process: int | None) -> None:
    if process is not None:
        with suppress(ProcessLookupError):  # it has ended already
            os.kill(process, signal.SIGKILL)


def _security(settings: Settings) -> Security:
    return Security(
        require_encryption=True,
        tls_ca_file=str(settings.tls_ca),
        tls_client_cert=str(settings.tls_cert),
        tls_client_key=str(settings.tls_key),
    )


def _keep_main_out_of_workers() -> None:
    """Stop a worker process from importing the server's `__main__`.

    `multiprocessing` imports it into every child, for functions defined there. Under Streamlit, `__main__` is the page
    that ran last, so a worker that is replaced while somebody looks at a page would run that page. There is no setting
    for it. Other child processes of this process are not affected.
    """
    original = multiprocessing.spawn.get_preparation_data
    if getattr(original, "keeps_main_out", False):
        return

    def get_preparation_data(name: str) -> dict[str, Any]:
        data = original(name)
        if name.startswith(_WORKER_PROCESS):
            data.pop("init_main_from_name", None)
            data.pop("init_main_from_path", None)
        return data

    get_preparation_data.keeps_main_out = True  # type: ignore[attr-defined]
    multiprocessing.spawn.get_preparation_data = get_preparation_data
