"""Trainings a second with one worker and with two. All jobs have one known architecture, and different seeds.

A worker trains the two styles of a pair on two threads, so a single visitor can use two cores. On a machine with two
cores one worker already keeps `worker_cores` of them busy, so a second one can use only the rest
(`jobs_scaling_2_shared`). To measure how well queue and dispatcher use a second worker, each worker is pinned to a core
of its own (`jobs_scaling_2`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import psutil  # type: ignore[import-untyped]

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.jobs import JobManager
from backend.training.job import TrainJob
from backend.worker.kinds import JOB_KINDS

ROUNDS = 3
JOBS = 16  # a round
EPOCHS = 40


def measure() -> Iterator[tuple[str, float]]:
    """Trainings a second with two workers divided by those with one: the best round of each, measured alternately."""
    best: dict[tuple[int, bool], float] = {}
    cores = 0.0
    for pinned, scaling, of_one, of_two in (
        (True, "jobs_scaling_2", "jobs_per_s_1_on_a_core", "jobs_per_s_2_on_a_core_each"),
        (False, "jobs_scaling_2_shared", "jobs_per_s_1", "jobs_per_s_2"),
    ):
        for workers in (1, 2) * ROUNDS:
            rate, busy = _round(workers, pinned)
            best[workers, pinned] = max(best.get((workers, pinned), 0.0), rate)
            cores = max(cores, busy) if (workers, pinned) == (1, False) else cores
        yield scaling, best[2, pinned] / best[1, pinned]
        yield of_one, best[1, pinned]
        yield of_two, best[2, pinned]
    yield "worker_cores", cores


def _round(workers: int, pinned: bool) -> tuple[float, float]:
    """Trainings a second on `workers` warm workers that know the architecture, and how many cores they keep busy.

    `pinned` gives each worker one core of its own.
    """
    jobs = JobManager(Settings(workers=workers), JOB_KINDS)
    jobs.start()
    try:
        while sum(worker.warm for worker in jobs.workers()) < workers:
            time.sleep(0.02)
        processes = [psutil.Process(worker.pid) for worker in jobs.workers()]
        if pinned:
            for core, process in zip(sorted(os.sched_getaffinity(0)), processes, strict=False):
                for thread in process.threads():
                    os.sched_setaffinity(thread.id, {core})
        _train(jobs, range(JOBS, JOBS + 4 * workers))  # until each worker has traced it
        spent = _cpu(processes)
        begun = time.perf_counter()
        _train(jobs, range(JOBS))
        seconds = time.perf_counter() - begun
        return JOBS / seconds, (_cpu(processes) - spent) / seconds
    finally:
        jobs.stop()


def _train(jobs: JobManager, seeds: range) -> None:
    """Train once with each seed, each for another visitor: a visitor's own jobs run one after the other."""
    submitted = []
    for seed in seeds:
        experiment = Experiment(training=Training(epochs=EPOCHS, seed=seed))
        submitted.append(jobs.submit(f"bench {seed}", "train", TrainJob(experiment=experiment)))
    states = {jobs.wait(job).state for job in submitted}
    assert states == {"finished"}, states


def _cpu(processes: list[psutil.Process]) -> float:
    """Seconds of CPU time that the processes have used."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


if __name__ == "__main__":
    for name, value in measure():
        print(f"{name:27} {value:.2f}")
