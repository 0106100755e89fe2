"""Hypothesis strategies: small architectures over the whole range of layouts."""

from hypothesis import strategies as st

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.sources import SYNTHETIC
from backend.experiment.tasks import TASKS, tasks_of
from backend.experiment.tasks.base import OUTPUTS

units = st.integers(1, 5)


@st.composite
def heads(draw: st.DrawFn, name: str, timesteps: int, features: int) -> Head:
    fitting = [
        (task.name, count)
        for task in map(TASKS.__getitem__, tasks_of(SYNTHETIC))
        for count in range(task.units[0], min(task.units[1], 3) + 1)
        if all(need <= have for need, have in zip(task.smallest_input(count), (timesteps, features), strict=True))
    ]
    task, count = draw(st.sampled_from(fitting))
    activations, losses = OUTPUTS[TASKS[task].kind]
    return Head(
        name=name,
        task=task,
        units=count,
        hidden=tuple(draw(st.lists(units, max_size=2))),
        activation=draw(st.sampled_from(activations)),
        loss=draw(st.sampled_from(losses)),
    )


@st.composite
def architectures(draw: st.DrawFn) -> Architecture:
    timesteps, features = draw(st.integers(1, 9)), draw(st.integers(1, 3))
    names = draw(st.lists(st.sampled_from(["level", "zeta", "a1", "task_b", "trend"]), min_size=1, unique=True))
    branches = [draw(heads(name, timesteps, features)) for name in names]
    if draw(st.booleans()):  # alike, so that the fused styles can write them too
        alike = branches[0].model_copy(update={"hidden": ()})
        branches = [alike.model_copy(update={"name": name}) for name in names]
    activations = st.sampled_from(["linear", "relu", "tanh", "sigmoid", "gelu"])
    return Architecture(
        timesteps=timesteps,
        features=features,
        lstm=tuple(draw(st.lists(units, min_size=1, max_size=3))),
        dense=tuple(
            DenseLayer(units=draw(units), activation=draw(activations)) for _ in range(draw(st.integers(0, 3)))
        ),
        heads=tuple(branches),
    )
