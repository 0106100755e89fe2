"""Submit, watch and cancel what needs Keras; it runs in worker processes, never in this one."""

from backend.jobs.job import Job, JobView
from backend.jobs.manager import Jobs
from backend.jobs.status import Status, WorkerView

__all__ = ["Job", "JobView", "Jobs", "Status", "WorkerView"]
