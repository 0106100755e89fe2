"""Submit, follow and cancel jobs. They need Keras, so they run in worker processes, never in this one."""

from backend.jobs.job import Job, JobView
from backend.jobs.manager import JobManager
from backend.jobs.status import Status
from backend.jobs.workers import Worker

__all__ = ["Job", "JobManager", "JobView", "Status", "Worker"]
