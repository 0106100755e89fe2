"""What Keras shows of a mistake."""

from backend.jobs.runtime import Context
from backend.mistakes.job import MistakeJob
from backend.worker.mistakes import mistake as execute
from tests.shared import once


def measured(mistake):
    """The evidence of a mistake, from both scripts as a worker executes them."""
    return once(f"mistake {mistake.key}", lambda: execute(MistakeJob(mistake=mistake.key), Context()))
