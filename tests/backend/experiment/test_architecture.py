"""The bounds of an architecture, edge by edge, and the names a head cannot have."""

import ast
import builtins
import keyword

import pytest
from pydantic import ValidationError

from backend.experiment.architecture import Architecture, Head, InvalidSetting, usable_name
from backend.experiment.styles import STYLES
from backend.experiment.tasks import OUTPUTS, TASKS


def error_of(model, **values):
    """The first error that `values` make, as pydantic tells it."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(values)
    return caught.value.errors()[0]


def invalid_setting(model, **values):
    invalid = error_of(model, **values)["ctx"]["error"]
    assert isinstance(invalid, InvalidSetting)
    return invalid


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("name", ["a", "a" * 31, "a_9"], ["", "a" * 32, "A", "aB", "9a", "_a", "a-b", "a b", "a\n", "ä", "a²", "a١"]),
    ],
)
def test_a_head_out_of_bounds_is_refused(field, good, bad):
    for value in good:
        Head.model_validate({"name": "task_a", field: value})
    for value in bad:
        assert error_of(Head, **{"name": "task_a", field: value})["loc"][0] == field


RESERVED = [
    *(word for word in (*keyword.kwlist, *keyword.softkwlist, *dir(builtins)) if word[0].islower()),
    *("lstm", "lstm_1", "lstm_12", "dense", "dense_7", "input_layer", "input_layer_2"),
    *("keras", "layers", "inputs", "outputs", "model", "x", "self", "kwargs", "np", "loss", "val", "total"),
]


@pytest.mark.parametrize("name", RESERVED)
def test_a_head_cannot_have_a_reserved_name(name):
    invalid = invalid_setting(Head, name=name)
    assert invalid.path == ("name",)
    assert name in str(invalid)


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_no_head_can_take_a_name_that_the_source_uses(style):
    """A head named like a variable of the source would put itself in its place."""
    tree = ast.parse(style.write(Architecture(heads=(Head(name="only"),))))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    assert not {name for name in used if usable_name(name)} - {"only"}


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_a_head_needs_the_smallest_input_of_its_task(task):
    for units in task.units:
        steps, features = task.smallest_input(units)
        head = Head.for_task(task.name, units=units)
        Architecture(timesteps=steps, features=features, heads=(head,))
        for small in [{"timesteps": steps - 1, "features": features}, {"timesteps": steps, "features": features - 1}]:
            if min(small.values()) > 0:
                invalid = invalid_setting(Architecture, **small, heads=(head,))
                assert invalid.path == ("heads", 0, "task")
                assert str(steps) in str(invalid)


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_a_head_that_does_not_fit_its_task_is_refused(task):
    activations, losses = OUTPUTS[task.kind]
    low, high = task.units
    usual = Head.for_task(task.name)
    assert (usual.name, usual.units, usual.activation, usual.loss) == (task.name, low, activations[0], losses[0])
    others = {
        "units": {1, 2, 5, 6, 16} - set(range(low, high + 1)),
        "activation": {"linear", "tanh", "relu", "sigmoid", "softmax"} - set(activations),
        "loss": {"mse", "mae", "huber", "binary_crossentropy", "categorical_crossentropy"} - set(losses),
    }
    for field, values in others.items():
        for value in values:
            invalid = invalid_setting(Head, **{**usual.model_dump(), field: value})
            assert invalid.path == (field,)
            assert str(value) not in str(invalid), "it says what is allowed"
