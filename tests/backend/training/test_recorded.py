"""The recorded runs: complete, and of today's presets."""

from backend.experiment.presets import PRESETS
from backend.training.recorded import recorded_runs


def test_there_is_a_complete_run_of_each_preset_as_it_is_today():
    assert [each.preset for each in recorded_runs()] == list(PRESETS)
    for each in recorded_runs():
        run = each.run
        assert run.experiment == PRESETS[each.preset]
        assert run.styles == tuple(style.key for style in run.experiment.styles())
        assert [epoch.epoch for epoch in run.epochs] == list(range(1, run.experiment.training.epochs + 1))
        assert run.snapshots[0].epoch == 0
        assert run.snapshots[-1].epoch == run.experiment.training.epochs
        assert run.predictions is not None
        assert {"two_heads", "keras", "tensorflow", "python"} <= set(run.versions)
        assert each.machine.cpu
