"""What a second worker adds: trainings a second of one architecture, known to every worker, each from another seed.

Both styles of a pair train on a thread each, so that a lone visitor uses two cores; where there are two, one worker
keeps `worker_cores` of them busy, and a second can add no more than what that leaves.
"""

from __future__ import annotations

import time

import psutil  # type: ignore[import-untyped]

from backend.experiment import Experiment
from backend.jobs import Jobs
from backend.settings import Settings
from backend.training import Training

ROUNDS = 2
JOBS = 16  # a round
EPOCHS = 40


def measure() -> dict[str, float]:
    """`jobs_scaling_2`: trainings a second with two workers over those with one, the best round of each, in turns."""
    best = {1: 0.0, 2: 0.0}
    cores = 0.0
    for workers in (1, 2) * ROUNDS:
        rate, busy = _round(workers)
        best[workers] = max(best[workers], rate)
        cores = max(cores, busy) if workers == 1 else cores
    return {
        "jobs_scaling_2": best[2] / best[1],
        "jobs_per_s_1": best[1],
        "jobs_per_s_2": best[2],
        "worker_cores": cores,
    }


def _round(workers: int) -> tuple[float, float]:
    """Trainings a second on `workers` warm workers that know the architecture, and the cores they keep busy."""
    jobs = Jobs(Settings(workers=workers))
    jobs.start()
    try:
        while sum(worker.warm for worker in jobs.workers()) < workers:
            time.sleep(0.02)
        _train(jobs, range(JOBS, JOBS + 4 * workers))  # until each has traced it
        processes = [psutil.Process(worker.pid) for worker in jobs.workers()]
        spent = _cpu(processes)
        begun = time.perf_counter()
        _train(jobs, range(JOBS))
        seconds = time.perf_counter() - begun
        return JOBS / seconds, (_cpu(processes) - spent) / seconds
    finally:
        jobs.stop()


def _train(jobs: Jobs, seeds: range) -> None:
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
        print(f"{name:15} {value:.2f}")
