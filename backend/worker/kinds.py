"""The kinds of jobs, and the function of a worker that runs each. No Keras here: the server reads this file."""

from __future__ import annotations

#: Kind → "module:function". A visitor names a kind and never a function.
KINDS: dict[str, str] = {
    "describe": "backend.worker.describe:describe",
    "train": "backend.worker.train:train",
    "save_model": "backend.worker.save:save_model",
    "claim": "backend.worker.claim:claim",
    "topology": "backend.worker.topologies:train",
    "topology_look": "backend.worker.topologies:inspect",
    "speed": "backend.worker.speed:speed",
}
