"""A mistake is executed once for all visitors; predictions are each visitor's own."""

import pytest
from pydantic import ValidationError

from backend.mistakes import MISTAKES
from backend.mistakes.job import MistakeJob

CLONE, SUMMARY = MISTAKES["clone"], MISTAKES["summary"]


def test_all_visitors_share_a_job(serve):
    server = serve()
    job = server.mistakes.request(CLONE, "ada")
    assert server.mistakes.request(CLONE, "bob") is job
    assert server.mistakes.find(SUMMARY, "ada") is None
    server.mistakes.release(CLONE, "ada")
    assert (server.mistakes.awaits(CLONE, "ada"), server.mistakes.awaits(CLONE, "bob")) == (False, True)
    server.jobs.registry.end(server.jobs.registry.take(), "finished", result="the evidence")
    assert server.mistakes.find(CLONE, "eve").result == "the evidence"


def test_a_failed_job_is_visible_only_to_the_visitor_who_requested_it(serve):
    server = serve()
    job = server.mistakes.request(CLONE, "ada")
    server.jobs.registry.end(server.jobs.registry.take(), "failed", message="Why.")
    assert server.mistakes.find(CLONE, "ada") is job
    assert server.mistakes.find(CLONE, "bob") is None


def test_a_prediction_is_one_of_the_options_and_can_be_taken_back(serve):
    mistakes = serve().mistakes
    with pytest.raises(ValueError, match="mistake 9 has no option"):
        mistakes.predict(CLONE, "ada", "anything else")
    mistakes.predict(CLONE, "ada", CLONE.options[0])
    assert mistakes.predicted(CLONE, "ada") == CLONE.options[0]
    assert mistakes.predicted(CLONE, "bob") is None
    assert mistakes.predicted(SUMMARY, "ada") is None
    mistakes.predict(CLONE, "ada", None)
    assert mistakes.predicted(CLONE, "ada") is None


@pytest.mark.parametrize("payload", [{"mistake": "import os"}, {"mistake": "clone", "broken": "import os"}, {}])
def test_the_payload_is_the_key_of_a_mistake_and_nothing_else(payload):
    with pytest.raises(ValidationError):
        MistakeJob.model_validate(payload)
