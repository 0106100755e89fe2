"""How the workers' memory grows over many trainings: `python -m benchmarks.soak_workers --jobs 200 [--varied]`.

Exits with code 1 if a job did not finish or a worker used more memory than it may.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, deque

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.training import Training
from backend.jobs import Job, JobManager, Worker
from backend.training.job import TrainJob
from backend.worker.kinds import JOB_KINDS


def one(n: int, epochs: int) -> Experiment:
    """The default architecture with seed `n`."""
    return Experiment(training=Training(epochs=epochs, seed=n))


def varied(n: int, epochs: int) -> Experiment:
    """Another architecture for each `n`, which has to be traced: other layers and sizes, one to four heads."""
    heads = tuple(Head(name=f"head_{i}") for i in range(1 + n % 4))
    trunk = (8 + n % 57, *([6] if n % 5 == 0 else []))
    architecture = Architecture(lstm=trunk, dense=(DenseLayer(units=4 + n // 57),), heads=heads)
    return Experiment(architecture=architecture, training=Training(epochs=epochs, seed=n))


def soak(total: int, workers: int, vary: bool, epochs: int, every: int) -> bool:
    """Train `total` times, `workers` at once, and print each worker's resident memory after every `every` jobs.

    Returns whether every job finished and no worker used more memory than it may.
    """
    settings = Settings(workers=workers)
    jobs = JobManager(settings, JOB_KINDS)
    jobs.start()
    running: deque[Job] = deque()
    outcomes: Counter[str] = Counter()
    most: dict[int, float] = {}
    began = 0.0
    try:
        for n in range(total + 1):
            experiment = (varied if vary else one)(n, epochs)
            while len(running) > (workers if n < total else 0):
                view = jobs.wait(running.popleft())
                began = began or time.monotonic()
                outcomes[view.state] += 1
                for worker in jobs.workers():
                    most[worker.pid] = max(most.get(worker.pid, 0), worker.rss_mb)
                done = outcomes.total()
                if done == 1 or done % every == 0 or done == total:
                    print(f"{done:5} jobs  {_line(jobs.workers())}", flush=True)
            if n < total:
                payload = TrainJob(experiment=experiment)
                running.append(jobs.submit(f"visitor {n}", "train", payload))  # one visitor alone would use one worker
        seconds = time.monotonic() - began
        print(f"{dict(outcomes)}, {(total - 1) / seconds:.2f} jobs a second")
        print(f"{len(most)} worker processes, at most {max(most.values()):.0f} MB each")
        return outcomes == {"finished": total} and max(most.values()) <= settings.worker_memory_mb
    finally:
        jobs.stop()


def _line(workers: tuple[Worker, ...]) -> str:
    return "  ".join(f"{worker.pid}: {worker.rss_mb:5.0f} MB, {worker.traced:3} traced" for worker in workers)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--varied", action="store_true", help="train another architecture each time")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--every", type=int, default=20, help="jobs between two lines of output")
    given = parser.parse_args()
    sys.exit(not soak(given.jobs, given.workers, given.varied, given.epochs, given.every))
