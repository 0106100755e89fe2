"""The recorded runs: complete, and of today's presets."""

from backend.experiment import Experiment
from backend.experiment.presets import PRESETS, THREAD
from backend.training.recorded import nearest, recorded_run, recorded_runs


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


def test_a_run_is_found_by_its_result_and_else_the_nearest_one():
    thread = PRESETS[THREAD]
    assert recorded_run(thread).preset == THREAD
    heads = tuple(head.model_copy(update={"label": "mine"}) for head in thread.architecture.heads)
    labelled = thread.model_copy(update={"architecture": thread.architecture.model_copy(update={"heads": heads})})
    assert recorded_run(labelled).preset == THREAD
    other = Experiment.model_validate({"training": {"batch": 64, "combine": "mean"}})
    assert recorded_run(other) is None
    assert nearest(other).experiment.training.combine == "mean"
    assert nearest(Experiment.model_validate({"training": {"batch": 64}})).preset == THREAD
