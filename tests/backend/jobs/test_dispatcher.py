"""What the dispatcher decides, with workers that are no processes (`tests/builders/simulated.py`)."""

import asyncio

import pytest

from tests.backend.jobs.helpers import FOR_EVER
from tests.backend.jobs.samples import Count, Mark, ModelsOf
from tests.builders.simulated import simulate, stopped_clock

DEAF = Mark(mark="")
ONE = Count(to=1)


@pytest.fixture
def simulated(monkeypatch):
    """A decorator that runs a scenario in simulated time."""
    clock = stopped_clock(monkeypatch)
    return lambda scenario, **settings: simulate(clock, scenario, **settings)


async def occupy(server, *visitors):
    """A job for each of these visitors, which all run until they are cancelled."""
    jobs = [server.submit(visitor, "count", FOR_EVER) for visitor in visitors]
    await server.until(lambda: all(job.events for job in jobs))
    return jobs


async def prepare(server, payload=FOR_EVER, kind="count"):
    """A spare job of ada, which runs until it is cancelled."""
    job = server.prepare("ada", kind, payload)
    await server.until(lambda: job.state == "running")
    return job


def test_visitors_take_turns_and_urgent_jobs_go_first(simulated):
    async def scenario(server):
        running = await occupy(server, "one", "two")
        first, second, bob, cy = (server.submit(visitor, "count", ONE) for visitor in ("ada", "ada", "bob", "cy"))
        order = [server.submit("dan", "count", ONE, urgent=True), first, bob, cy, second]
        assert [job.position for job in order] == [1, 2, 3, 4, 5]
        server.cancel(bob, *running)
        assert [job.position for job in order] == [1, 2, None, 3, 4]
        assert await server.state(*order) == ["finished", "finished", "cancelled", "finished", "finished"]
        starts = [job.view().started_at for job in order if job is not bob]
        assert starts == sorted(starts)

    simulated(scenario)


@pytest.mark.parametrize("why", ["cancelled", "failed", "abandoned"])
def test_a_job_that_has_to_stop_does_so_by_its_flag_or_with_its_worker(simulated, why):
    """Because its visitor cancels it, because of the time limit, or because nobody looks at it."""

    async def scenario(server):
        for kind, payload, kept in (("count", FOR_EVER, 2), ("deaf", DEAF, 1)):
            await server.until(lambda: server.warm == 2)
            pids = server.pids
            job, other = server.submit("ada", kind, payload), server.submit("bob", "count", FOR_EVER)
            await asyncio.sleep(4)
            next_job = server.submit("cy", "count", ONE)
            if why == "cancelled":
                server.cancel(job)
                assert job.view().cancelling
            while not job.ended:
                other.look(), next_job.look()
                await asyncio.sleep(0.1)
            assert job.state == why
            assert await server.state(next_job) == ["finished"]
            assert len(pids & server.pids) == kept
            assert (other.state == "running") is (why != "failed"), "it runs as long"
            server.cancel(other)
            await server.state(other)

    simulated(scenario, **{"failed": {"seconds_per_job": 10}, "abandoned": {"abandoned_seconds": 5}}.get(why, {}))


def test_a_job_goes_on_unseen_until_another_visitor_waits_and_seen_also_then(simulated):
    async def scenario(server):
        (job,) = await occupy(server, "ada")
        own = server.submit("ada", "count", ONE)
        await asyncio.sleep(20)
        assert (job.state, own.state) == ("running", "queued"), "ada waits for herself alone"
        other = server.submit("bob", "count", ONE)
        for _ in range(200):
            job.look(), other.look()
            await asyncio.sleep(0.1)
        assert (job.state, other.state) == ("running", "queued")
        while not other.ended:
            other.look()
            await asyncio.sleep(0.1)
        assert (other.state, job.state, own.state) == ("finished", "abandoned", "abandoned")
        assert job.events, "its events stay"

    simulated(scenario, workers=1, abandoned_seconds=5)


def test_a_long_job_that_nobody_looks_at_is_cancelled_for_one_of_its_network_although_a_worker_is_idle(simulated):
    async def scenario(server):
        left, waits = (
            server.submit(visitor, "count", FOR_EVER, network="a class", expected=500) for visitor in ("ada", "bob")
        )
        while left.state != "abandoned":
            waits.look()
            await asyncio.sleep(0.1)
        await server.until(lambda: waits.state == "running")
        server.cancel(waits)
        await server.state(waits)

    simulated(scenario, abandoned_seconds=5)


def test_a_job_that_a_frozen_worker_never_started_runs_on_another(simulated):
    async def scenario(server):
        frozen = min(server.pids)
        server.client.freeze(frozen)
        jobs = [server.submit(visitor, "count", Count(to=3)) for visitor in ("ada", "bob")]
        assert await server.state(*jobs) == ["finished", "finished"]
        assert all([event.n for event in job.events] == [1, 2, 3] for job in jobs)
        await server.until(lambda: server.warm == 2)
        assert frozen not in server.pids

    simulated(scenario)


def test_a_spare_job_gives_way_to_a_job_of_anybody_and_its_worker_stays(simulated):
    async def scenario(server):
        pids = server.pids
        for busy, visitor, urgent in (("bob", "ada", True), ("bob", "cy", False), ("", "ada", False)):
            running = await occupy(server, busy) if busy else []
            spare = await prepare(server)
            assert server.registry.running == len(running), "it does not count"
            assert await server.state(server.submit(visitor, "count", ONE, urgent=urgent)) == ["finished"]
            assert await server.state(spare) == ["cancelled"]
            assert all(job.state == "running" for job in running)
            server.cancel(*running)
            await server.state(*running)
        assert server.pids == pids

    simulated(scenario)


def test_one_spare_job_runs_the_last_and_none_while_others_wait(simulated):
    async def scenario(server):
        (busy,) = await occupy(server, "bob")
        waiting = server.submit("cy", "count", Count(to=300))
        late = server.prepare("ada", "count", FOR_EVER)
        await asyncio.sleep(2)
        assert late.state == "queued"
        server.cancel(busy)
        await server.state(waiting)
        replaced, last = await prepare(server), server.prepare("ada", "count", FOR_EVER)
        assert await server.state(late, replaced) == ["cancelled", "cancelled"]
        await server.until(lambda: last.state == "running")
        assert server.registry.running == 0

    simulated(scenario, workers=1)


def test_a_spare_job_that_does_not_stop_ends_with_its_worker_and_the_next_job_runs(simulated):
    async def scenario(server):
        pids = server.pids
        spare = server.prepare("ada", "deaf", DEAF)
        await server.until(lambda: spare.state == "running")
        job = server.submit("cy", "count", Count(to=100))
        assert await server.state(spare, job) == ["cancelled", "finished"]
        assert [event.n for event in job.events] == list(range(1, 101))
        assert not pids & server.pids

    simulated(scenario, workers=1)


def test_a_job_goes_to_the_worker_that_runs_or_has_run_one_of_its_affinity(simulated):
    def of(name, then_to=0):
        return ModelsOf(models=0, of=name, then_to=then_to)

    async def scenario(server):
        async def worker_of(payload):
            await server.state(job := server.submit("ada", "trace", payload))
            return job.view().result

        running = await occupy(server, "bob")
        other = await worker_of(of("other"))
        server.cancel(*running)
        await server.state(*running)
        usual = await worker_of(of("usual"))
        assert usual != other
        for _ in range(3):
            assert [await worker_of(of("other")), await worker_of(of("usual"))] == [other, usual]
        for name in ("one", "another"):
            spare = await prepare(server, of(name, 10**6), "trace")
            (pid,) = (worker.pid for worker in server.dispatcher.workers if worker.job is spare)
            assert await worker_of(of(name)) == pid

    simulated(scenario)
