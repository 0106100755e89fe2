"""What a second worker adds: trainings a second of one architecture, known to every worker, each from another seed.

Both styles of a pair train on a thread each, so that a lone visitor uses two cores: where there are two, one worker
keeps `worker_cores` of them busy, and a second can add no more than what that leaves (`jobs_scaling_2_shared`). What
the queue and the dispatcher make of a second worker shows where each has a core, and no more than that, to itself
(`jobs_scaling_2`).
"""

from __future__ import annotations

import os
import time

import psutil  # type: ignore[import-untyped]

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.jobs import JobManager
from backend.worker.kinds import KINDS

ROUNDS = 3
JOBS = 16  # a round
EPOCHS = 40


def measure() -> dict[str, float]:
    """Trainings a second with two workers over those with one, the best round of each, in turns."""
    best: dict[tuple[int, bool], float] = {}
    cores = 0.0
    for pinned in (True, False):
        for workers in (1, 2) * ROUNDS:
            rate, busy = _round(workers, pinned)
            best[workers, pinned] = max(best.get((workers, pinned), 0.0), rate)
            cores = max(cores, busy) if (workers, pinned) == (1, False) else cores
    return {
        "jobs_scaling_2": best[2, True] / best[1, True],
        "jobs_per_s_1_on_a_core": best[1, True],
        "jobs_per_s_2_on_a_core_each": best[2, True],
        "jobs_scaling_2_shared": best[2, False] / best[1, False],
        "jobs_per_s_1": best[1, False],
        "jobs_per_s_2": best[2, False],
        "worker_cores": cores,
    }


def _round(workers: int, pinned: bool) -> tuple[float, float]:
    """Trainings a second on `workers` warm workers that know the architecture, and the cores they keep busy.

    `pinned`: each of them on one core of its own.
    """
    jobs = JobManager(Settings(workers=workers), KINDS)
    jobs.start()
    try:
        while sum(worker.warm for worker in jobs.workers()) < workers:
            time.sleep(0.02)
        processes = [psutil.Process(worker.pid) for worker in jobs.workers()]
        if pinned:
            for core, process in zip(sorted(os.sched_getaffinity(0)), processes, strict=False):
                for thread in process.threads():
                    os.sched_setaffinity(thread.id, {core})
        _train(jobs, range(JOBS, JOBS + 4 * workers))  # until each has traced it
        spent = _cpu(processes)
        begun = time.perf_counter()
        _train(jobs, range(JOBS))
        seconds = time.perf_counter() - begun
        return JOBS / seconds, (_cpu(processes) - spent) / seconds
    finally:
        jobs.stop()


def _train(jobs: JobManager, seeds: range) -> None:
    """Train with every seed, each for a visitor of its own: one visitor's jobs wait for one another."""
    asked = []
    for seed in seeds:
        experiment = Experiment(training=Training(epochs=EPOCHS, seed=seed))
        asked.append(jobs.submit(f"bench {seed}", "train", {"experiment": experiment.model_dump(mode="json")}))
    states = {jobs.wait(job).state for job in asked}
    assert states == {"finished"}, states


def _cpu(processes: list[psutil.Process]) -> float:
    """Seconds of CPU that they have had."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:27} {value:.2f}")
