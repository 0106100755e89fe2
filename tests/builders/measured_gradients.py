"""A measurement of gradients that has ended, as if a worker had done it."""

from backend.experiment.url import read_query
from backend.questions.gradients.job import GradientsJob

#: An experiment in a link, with little to train.
SMALL = {"timesteps": "3", "lstm": "4", "dense": "none", "samples": "64", "epochs": "2"}


def finish(server, result, **query):
    """Have the measurement of that experiment finished with this result."""
    experiment = read_query({key: value if isinstance(value, list) else [value] for key, value in query.items()})[0]
    job = server.shared.request(GradientsJob.on(experiment), "b" * 32)
    server.jobs.registry.take(1)
    server.jobs.registry.end(job, "finished", result=result)
