"""The words that a lesson may use: the pages with their panels, and the controls.

`components/learn/panels.py` has the panels of each page; a test compares the names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from backend.lab.presets import PRESETS
from backend.questions.claims import CLAIMS
from backend.questions.lab import QUESTIONS
from backend.questions.mistakes import MISTAKES
from backend.questions.topologies import TOPOLOGIES

PageName = Literal["compare", "train", "claims", "topologies", "lab", "mistake"]


#: The panels of each page by name, and what they show. A claim, a topology, a question or a mistake is a
#: panel by its key.
PANELS: Mapping[PageName, Mapping[str, str]] = {
    "compare": {
        "diagram": "the neurons of both styles, and the kernels of their output layers",
        "code": "the Keras source of both styles, with the differences marked",
        "graph": "Keras's layer graph of both styles",
        "summary": "Keras's `summary()` of both styles",
        "parameters": "the parameters of each layer as a formula, beside Keras's own count",
    },
    "train": {
        "sequences": "four sequences with their targets",
        "answer": "which style learned faster, in words",
        "totals": "the total losses of both styles by epoch",
        "ratio": "the total loss of the right style divided by that of the left one",
        "tasks": "the loss of each task in both styles by epoch",
        "player": "predictions and weights after each epoch, with the player",
    },
    "claims": {key: f"claim {claim.number}: {claim.title}" for key, claim in CLAIMS.items() if claim.measured},
    "topologies": {
        key: f"topology {topology.number}: {topology.title}, built by Keras, and the Sequential attempt"
        for key, topology in TOPOLOGIES.items()
    },
    "lab": {
        "share_equal": "hard sharing against separate networks, if both heads have the same task (ρ = 1)",
        "share_hard": "hard sharing against separate networks, at each relatedness",
        "scale_adam": "Kendall’s toy, trained with Adam",
        "scale_app": "the app’s own network, in which the targets of the first head are multiplied by 100",
        "unstuck_cagrad": "CAGrad’s problem in place of FAMO’s",
        **{key: f"question {question.number}: {question.title}" for key, question in QUESTIONS.items()},
        **{f"{key}_mean": f"the compass at “{preset.title}”, with the mean" for key, preset in PRESETS.items()},
        **{
            f"{key}_methods": f"the compass at “{preset.title}”, with mean, MGDA, PCGrad and UPGrad"
            for key, preset in PRESETS.items()
        },
    },
    "mistake": {
        **{key: f"mistake: {mistake.title}" for key, mistake in MISTAKES.items()},
        "scripts": "a mistake of your own, in two scripts",
    },
}


#: The panels that show a part of the evidence on a question, or that on another problem, by their question.
_OF_QUESTION = {
    "share_equal": "share",
    "share_hard": "share",
    "scale_adam": "scale",
    "scale_app": "scale",
    "unstuck_cagrad": "unstuck",
}

#: The panels that show no result. All others are hidden until the visitor has predicted.
OPEN = frozenset({"code", "sequences"})


def question_of(panel: str) -> str:
    """The question whose recorded evidence a panel shows, in whole or in part; empty for another panel."""
    return _OF_QUESTION.get(panel, panel if panel in QUESTIONS else "")


def situation_of(panel: str) -> str:
    """The situation of a panel with the compass."""
    return panel.removesuffix("_mean").removesuffix("_methods")


#: The panels that a step may show before its question: pictures of one run, or of what is recorded, without a verdict.
BEFORE: Mapping[PageName, tuple[str, ...]] = {
    "train": ("totals", "ratio", "tasks"),
    "lab": tuple(PANELS["lab"]),
}

#: What a term of a formula may stand for in a picture, by its name in the term's link (`[8 × 2](#part-weights)`), and
#: the panels that show it. N is the number of a head. `components/browser/terms.js` highlights them.
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "shared": ("the neurons of the last shared layer", ("diagram",)),
    "weights": ("the weights between this layer and all heads", ("diagram",)),
    "weights-N": ("the weights between this layer and head N", ("diagram",)),
    "outputs": ("the units of all heads", ("diagram",)),
    "output-N": ("the units of head N", ("diagram",)),
    "left": ("the curves of the left style", ("totals", "tasks")),
    "right": ("the curves of the right style", ("totals", "tasks")),
    "task-N": ("the chart of task N", ("tasks",)),
}

#: The settings that a step may leave to the visitor, by their key in a link.
CONTROLS: Mapping[str, str] = {
    "optimizer": "the optimizer",
    "learning_rate": "the learning rate",
    "batch": "the batch size",
    "epochs": "the number of epochs",
    "combine": "how the losses of the heads are combined",
    "same_start": "whether both styles start from the same weights",
    "seed": "the seed of the initial weights and of the order of the batches",
}
