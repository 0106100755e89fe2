"""The weights that a run sends while it trains: exact, few and small."""

import numpy as np
from hypothesis import given, settings

import backend.training.live
from backend.experiment import Experiment
from backend.jobs.messages import Phase
from backend.training.job import EpochEvent
from backend.training.live import MAX_BYTES, LiveWeights, snapshots_of
from backend.training.result import Epoch, Losses
from tests.builders.diagrams import snapshot
from tests.builders.strategies import experiments


def event(epoch, weights):
    losses = Losses(total=1.0, heads={})
    return EpochEvent(data=Epoch(seed=0, epoch=epoch, left=losses, right=losses, seconds=0.1), weights=weights)


@settings(max_examples=25)
@given(experiments())
def test_what_is_sent_is_read_again_to_the_bit(experiment):
    sent = snapshot(experiment, epoch=7)
    small = LiveWeights().of(sent)
    size = sum(block.nbytes for side in (sent.left, sent.right) for block in side.values())
    assert (small is None) == (size > MAX_BYTES)
    events = [Phase(phase="training"), *(EpochEvent(**event(*each).model_dump()) for each in ((6, None), (7, small)))]
    found = snapshots_of(events)
    assert [each.epoch for each in found] == [7] * (small is not None)
    for each in found:
        for side in ("left", "right"):
            blocks = {key: np.float32(block) for key, block in getattr(sent, side).items()}
            assert list(getattr(each, side)) == list(blocks)
            assert all(np.array_equal(getattr(each, side)[key], block) for key, block in blocks.items())


def test_a_fast_run_sends_at_most_five_in_a_second(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(backend.training.live, "monotonic", lambda: now[0])
    live, sent = LiveWeights(), 0
    weights = snapshot(Experiment())
    for _ in range(1000):  # in a second
        sent += live.of(weights) is not None
        now[0] += 0.001
    assert sent == 5
