"""The kinds of jobs, each with its worker function, payload and events. No Keras here: the server reads this file."""

from __future__ import annotations

from pydantic import TypeAdapter

from backend.jobs.messages import JobKind, Phase, Progress
from backend.own_csv.reader import ReadTableJob
from backend.own_model.job import CompareOwnJob, FindHeadsJob, OwnTimingJob
from backend.questions.claims.job import ClaimJob
from backend.questions.compare.job import InspectJob
from backend.questions.gradients.job import GradientsEvent, GradientsJob
from backend.questions.lab.job import LabEvent, LabJob
from backend.questions.mistakes.job import MistakeJob
from backend.questions.speed.job import SpeedEvent, SpeedJob
from backend.questions.topologies.job import TopologyEvent, TopologyInspectJob, TopologyJob
from backend.training.job import PrepareJob, SaveModelJob, SeedsJob, TrainEvent, TrainJob
from backend.training.steps import StepsJob

#: A request names a kind, never a function.
_KINDS = (
    JobKind("backend.worker.describe:describe", InspectJob, TypeAdapter(Phase)),
    JobKind("backend.worker.train:train", TrainJob, TypeAdapter(TrainEvent)),
    JobKind("backend.worker.train:train_seeds", SeedsJob, TypeAdapter(Phase)),
    JobKind("backend.worker.train:prepare", PrepareJob, TypeAdapter(Phase)),
    JobKind("backend.worker.steps:steps", StepsJob, TypeAdapter(Phase)),
    JobKind("backend.worker.save:save_model", SaveModelJob, TypeAdapter(Phase)),
    JobKind("backend.worker.question:question", ClaimJob, TypeAdapter(Phase | SpeedEvent)),
    JobKind("backend.worker.question:question", TopologyJob, TypeAdapter(TopologyEvent)),
    JobKind("backend.worker.topologies:inspect", TopologyInspectJob, TypeAdapter(Phase)),
    JobKind("backend.worker.question:question", SpeedJob, TypeAdapter(SpeedEvent)),
    JobKind("backend.worker.question:question", GradientsJob, TypeAdapter(GradientsEvent)),
    JobKind("backend.worker.question:question", LabJob, TypeAdapter(LabEvent)),
    JobKind("backend.worker.question:question", MistakeJob, TypeAdapter(Phase)),
    JobKind("backend.worker.own_csv:read", ReadTableJob, TypeAdapter(Phase)),
    JobKind("backend.worker.own_model:find", FindHeadsJob, TypeAdapter(Phase)),
    JobKind("backend.worker.own_model:compare", CompareOwnJob, TypeAdapter(Phase)),
    JobKind("backend.worker.own_model:time_both", OwnTimingJob, TypeAdapter(Progress)),
)
JOB_KINDS: dict[str, JobKind] = {kind.payload.kind: kind for kind in _KINDS}
