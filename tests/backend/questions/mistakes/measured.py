"""What Keras shows of a mistake."""

import pytest

from backend.jobs.runtime import Context
from backend.questions.mistakes import MISTAKES
from backend.questions.mistakes.job import MistakeJob
from backend.worker.mistakes import mistake as execute
from tests.builders.shared import once

#: Those whose scripts train longest.
LONG = {"custom_loss", "early_stopping", "frozen_norm", "frozen_trunk", "list_of_targets", "shared_softmax"}
EVERY = [pytest.param(each, id=key, marks=pytest.mark.soak if key in LONG else ()) for key, each in MISTAKES.items()]


def measured(mistake):
    """The evidence of a mistake, from both scripts as a worker executes them."""
    return once(f"mistake {mistake.key}", lambda: execute(MistakeJob.on(mistake), Context()))
