"""An experiment: which styles run, which are unsupported, and the key of the result."""

from hypothesis import given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.url import read_query
from tests.builders.strategies import experiments, labels


def keys(experiment):
    return [style.key for style in experiment.styles()]


@given(experiments())
def test_styles_that_run_support_the_architecture(experiment):
    ran = experiment.styles()
    assert not any(style.unsupported_reason(experiment.architecture) for style in ran)
    chosen = (experiment.left, experiment.right)
    replaced = {style for style, key in zip(chosen, keys(experiment), strict=True) if style != key}
    assert len(experiment.unsupported_styles()) == len(replaced)


@given(experiments(), st.data())
def test_labels_do_not_change_the_key_of_a_result(experiment, data):
    settings = experiment.model_dump()
    for head in settings["architecture"]["heads"]:
        head["label"] = data.draw(labels)
    assert Experiment.model_validate(settings).key() == experiment.key()


@given(experiments(), experiments())
def test_different_settings_have_different_keys(one, other):
    def used(experiment):
        unused = {"training": {"weights"}} if experiment.training.combine != "own" else {}
        return experiment.model_dump(exclude={"architecture": {"heads": {"__all__": {"label"}}}, **unused})

    assert (one.key() == other.key()) == (used(one) == used(other))


def test_a_renamed_task_has_the_keys_of_before():
    """The keys of version 0.3.0."""
    assert read_query({"head": ["mean", "last"]})[0].key() == "0aed930c7c6a39be"
    assert read_query({"head": ["a.level.2", "trend"]})[0].key() == "57a51773d80793a5"
