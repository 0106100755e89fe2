"""The kinds of jobs, each with its worker function, payload and events. No Keras here: the server reads this file."""

from __future__ import annotations

from pydantic import TypeAdapter

from backend.claims.job import ClaimJob
from backend.jobs.messages import JobKind, Phase
from backend.lab.gradients_job import GradientsEvent, GradientsJob
from backend.lab.job import QuestionEvent, QuestionJob
from backend.mistakes.job import MistakeJob
from backend.network.job import InspectJob
from backend.speed.job import SpeedEvent, SpeedJob
from backend.topologies.job import TopologyEvent, TopologyInspectJob, TopologyJob
from backend.training.job import PrepareJob, SaveModelJob, TrainEvent, TrainJob

#: A visitor names a kind and never a function.
JOB_KINDS: dict[str, JobKind] = {
    "describe": JobKind("backend.worker.describe:describe", InspectJob, TypeAdapter(Phase)),
    "train": JobKind("backend.worker.train:train", TrainJob, TypeAdapter(TrainEvent)),
    "prepare": JobKind("backend.worker.train:prepare", PrepareJob, TypeAdapter(Phase)),
    "save_model": JobKind("backend.worker.save:save_model", SaveModelJob, TypeAdapter(Phase)),
    "claim": JobKind("backend.worker.claim:claim", ClaimJob, TypeAdapter(Phase)),
    "topology": JobKind("backend.worker.topologies:train", TopologyJob, TypeAdapter(TopologyEvent)),
    "topology_look": JobKind("backend.worker.topologies:inspect", TopologyInspectJob, TypeAdapter(Phase)),
    "speed": JobKind("backend.worker.speed:speed", SpeedJob, TypeAdapter(SpeedEvent)),
    "gradients": JobKind("backend.worker.gradients:gradients", GradientsJob, TypeAdapter(GradientsEvent)),
    "lab_question": JobKind("backend.worker.lab:question", QuestionJob, TypeAdapter(QuestionEvent)),
    "mistake": JobKind("backend.worker.mistakes:mistake", MistakeJob, TypeAdapter(Phase)),
}
