"""What the manager refuses, with a sentence, before a worker has anything to do with it."""

from functools import partial

from backend import limits
from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.training import Training
from backend.jobs import JobManager
from backend.questions.compare.job import InspectJob
from backend.training.duration import DurationEstimator
from backend.training.job import PrepareJob, TrainJob
from backend.worker.kinds import JOB_KINDS
from tests.backend.jobs.helpers import FOR_EVER
from tests.backend.jobs.helpers import JOB_KINDS as SAMPLES
from tests.backend.jobs.samples import Count

ONE = Count(to=1)


def train(jobs, visitor, **training):
    return jobs.submit(visitor, "train", TrainJob(experiment=Experiment(training=Training(**training))))


def test_a_job_on_a_model_that_is_too_large_is_refused_and_not_queued():
    jobs = JobManager(Settings(workers=1, parameters_per_model=5000), JOB_KINDS, limits.too_large)
    for lstm, state in ((256, "refused"), (32, "queued")):
        architecture = Architecture(lstm=(lstm,))
        for payload in (
            InspectJob(architecture=architecture, style="functional"),
            TrainJob(experiment=Experiment(architecture=architecture)),
        ):
            job = jobs.submit(f"{lstm} in {payload.kind}", payload.kind, payload)
            assert (job.state, "accepts at most 5,000" in job.message) == (state, state == "refused")


def test_a_network_cannot_fill_the_queue(tmp_path):
    jobs = JobManager(Settings(workers=1, state_dir=tmp_path, queue_limit=20), JOB_KINDS)
    for number in range(20):
        jobs.set_network(f"m{number}", "192.0.2.1")
    jobs.set_network("ada", "198.51.100.7")
    states = [train(jobs, f"m{number}", seed=number) for number in range(20)]
    assert [job.state for job in states] == ["queued"] * 18 + ["refused"] * 2
    assert states[-1].message.startswith("Your network has 18 jobs in the queue, the most that one network may have.")
    assert not jobs.full
    assert train(jobs, "ada").state == "queued"


def test_what_is_expected_to_exceed_the_limit_by_far_is_refused_with_what_to_lower():
    durations, long = DurationEstimator(), {"epochs": 100, "seeds": 10, "batch": 8}
    seconds = durations.seconds(Experiment(training=Training(**long)))
    for limit, state in ((seconds / 1.9, "queued"), (seconds / 2.1, "refused")):
        too_large = partial(limits.too_large, durations=durations)
        job = train(JobManager(Settings(workers=1, seconds_per_job=limit), JOB_KINDS, too_large), "ada", **long)
        assert job.state == state
    assert "this server stops a job after" in job.message
    assert "Use fewer epochs" in job.message


def test_draining_ends_queued_jobs_keeps_running_ones_and_refuses_new_ones():
    jobs = JobManager(Settings(workers=1), SAMPLES)
    running, waiting = jobs.submit("ada", "count", ONE), jobs.submit("bob", "count", ONE)
    assert jobs.registry.take(1) is running
    jobs.drain()
    assert (waiting.state, "had not started" in waiting.message) == ("lost", True)
    late = jobs.submit("cy", "count", ONE)
    assert (late.state, "accepts no new jobs" in late.message) == ("refused", True)
    assert (running.state, jobs.status.state, jobs.running) == ("running", "unavailable", 1)
    assert not jobs.prepare("ada", "count", FOR_EVER)


def test_a_training_goes_where_it_was_prepared():
    assert PrepareJob(experiment=Experiment()).affinity == TrainJob(experiment=Experiment()).affinity
