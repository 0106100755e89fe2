"""The kinds of jobs, each with its worker function, payload and events. No Keras here: the server reads this file."""

from __future__ import annotations

from pydantic import TypeAdapter

from backend.jobs.messages import JobKind, Phase
from backend.own_csv.reader import ReadTableJob
from backend.own_model.job import CompareOwnJob, FindHeadsJob, OwnTimingJob
from backend.questions.claims.job import ClaimJob
from backend.questions.compare.job import InspectJob
from backend.questions.gradients.job import GradientsJob
from backend.questions.mistakes.job import MistakeJob
from backend.questions.speed.job import SpeedEvent, SpeedJob
from backend.questions.topologies.job import TopologyEvent, TopologyInspectJob, TopologyJob
from backend.training.job import PrepareJob, SaveModelJob, SeedsJob, TrainEvent, TrainJob
from backend.training.steps import StepsJob

#: A request names a kind, never a function.
_KINDS = (
    JobKind("backend.worker.describe:describe", InspectJob),
    JobKind("backend.worker.train:train", TrainJob, TypeAdapter(TrainEvent)),
    JobKind("backend.worker.train:train_seeds", SeedsJob),
    JobKind("backend.worker.train:prepare", PrepareJob),
    JobKind("backend.worker.steps:steps", StepsJob),
    JobKind("backend.worker.save:save_model", SaveModelJob),
    JobKind("backend.worker.question:question", ClaimJob, TypeAdapter(Phase | SpeedEvent)),
    JobKind("backend.worker.question:question", TopologyJob, TypeAdapter(TopologyEvent)),
    JobKind("backend.worker.topologies:inspect", TopologyInspectJob),
    JobKind("backend.worker.question:question", SpeedJob, TypeAdapter(SpeedEvent)),
    JobKind("backend.worker.question:question", GradientsJob),
    JobKind("backend.worker.question:question", MistakeJob),
    JobKind("backend.worker.own_csv:read", ReadTableJob),
    JobKind("backend.worker.own_model:find", FindHeadsJob),
    JobKind("backend.worker.own_model:compare", CompareOwnJob),
    JobKind("backend.worker.own_model:time_both", OwnTimingJob),
)
JOB_KINDS: dict[str, JobKind] = {kind.payload.kind: kind for kind in _KINDS}
