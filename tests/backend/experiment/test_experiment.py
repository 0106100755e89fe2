"""An experiment: which styles run, which are unsupported, and the key of the result."""

from hypothesis import given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.differences import differences
from backend.experiment.sides import side_keys, side_titles
from backend.experiment.table import varying
from backend.experiment.url import read_query
from backend.experiment.versus import Versus
from tests.builders.strategies import experiments, labels
from two_heads.weightings import MOST_HEADS

DEEP = Architecture(heads=(Head(name="deep", hidden=(4,)), Head(name="flat")))


def keys(experiment):
    return [style.key for style in experiment.styles()]


def test_an_unsupported_style_is_replaced_by_its_fallback_with_a_notice():
    experiment = Experiment(architecture=DEEP, left="sequential", right="functional_fused")
    assert keys(experiment) == ["functional", "functional"]
    first, second = experiment.unsupported_styles()
    assert first.startswith("Sequential is not available for these heads: ")
    assert second.startswith("Functional, fused is not available for these heads: ")
    for sentence in (first, second):
        assert "(deep)" in sentence
        assert sentence.endswith("Functional is shown and trained in its place.")


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


def test_a_side_whose_method_takes_fewer_heads_is_named_by_the_sum():
    many = Architecture(heads=tuple(Head(name=f"h{n}") for n in range(MOST_HEADS + 1)))
    compared = Experiment(architecture=many, versus=Versus(combine="gradnorm", batch=8))
    assert compared.other.training.combine == "sum"
    assert side_titles(*side_keys(compared)) == ("Batch 32, Sum", "Batch 8, Sum")
    of_sum = compared.model_copy(update={"versus": Versus(batch=8)})
    one = of_sum.model_copy(update={"training": of_sum.training.model_copy(update={"combine": "gradnorm"})})
    assert one.key() == of_sum.key()
    assert differences(one, of_sum) == []
    assert varying([one, of_sum]) == []
