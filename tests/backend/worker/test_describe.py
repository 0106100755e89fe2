"""What Keras says of a model: the text of its summary, its graph, and its counts."""

import re

import pytest

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.questions.compare.job import InspectJob
from backend.worker.describe import SUMMARY_COLUMNS, describe
from tests.backend.worker.trainings import Recorder

pytestmark = pytest.mark.slow


def inspected(architecture, style, context=None):
    return describe(InspectJob(architecture=architecture, style=style), context or Context())


@pytest.mark.parametrize("style", STYLES)
def test_the_summary_counts_no_optimizer_slots_and_fits_the_column(style):
    context = Recorder()
    found = inspected(Architecture(), style, context)
    assert "Total params: 4,762" in found.summary
    assert "Optimizer params" not in found.summary
    assert "4,480" in found.summary
    assert max(map(len, found.summary.splitlines())) <= SUMMARY_COLUMNS
    assert context.events == [Phase(phase="building")]
    assert found.parameters == 4762
    graph = found.graph
    match style:
        case "functional":
            assert re.search(r"trend \(Dense\).*dense\[0\]\[0\]", found.summary)
            assert found.layers == {"input_layer": 0, "lstm": 4480, "dense": 264, "level": 9, "trend": 9}
        case "sequential":
            assert found.layers == {"lstm": 4480, "dense": 264, "dense_1": 18}
            assert ([box.name for box in graph.boxes], graph.arrows) == (["lstm", "dense", "dense_1"], ((0, 1), (1, 2)))
        case "subclassing":
            (box,) = graph.boxes
            assert (box.name, box.kind, box.outputs) == ("multi_head", "MultiHead", ("(None, 1)", "(None, 1)"))
