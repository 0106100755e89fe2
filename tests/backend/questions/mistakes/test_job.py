"""The payload of a mistake."""

import pytest
from pydantic import ValidationError

from backend.questions.mistakes.job import MistakeJob


@pytest.mark.parametrize("payload", [{"mistake": "import os"}, {"mistake": "clone", "broken": "import os"}, {}])
def test_the_payload_is_the_key_of_a_mistake_and_nothing_else(payload):
    with pytest.raises(ValidationError):
        MistakeJob.model_validate(payload)
