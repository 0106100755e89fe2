"""Hypothesis strategies for valid settings of every kind and size. With `small=True` Keras builds them quickly."""

from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.activations import Activation
from backend.experiment.architecture import Architecture, DenseLayer, Head, usable_name
from backend.experiment.dataset import Sequences
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.sources import SOURCES, SYNTHETIC
from backend.experiment.styles import STYLES
from backend.experiment.tasks import OUTPUTS, TASKS, tasks_of
from backend.experiment.training import Combine, Training, Versus

#: Any text without surrogates, which no URL can contain.
labels = st.text(max_size=60)
_seeds = st.integers(0, 2**31 - 100)


def _any_of(literal):
    return st.sampled_from(literal.__args__)


def _units(small):
    return st.integers(1, 5 if small else 256)


def names():
    """Names that a head may have, often those of tasks."""
    return st.sampled_from([*TASKS, "a", "zeta"]) | st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True).filter(
        usable_name
    )


@st.composite
def heads(draw, name=None, timesteps=64, features=16, small=False, source=SYNTHETIC):
    """A head whose task, of that source, is possible with an input of `timesteps` × `features`."""
    fitting = [
        (task.name, count)
        for task in map(TASKS.__getitem__, tasks_of(source))
        for count in range(task.units[0], min(task.units[1], 3 if small else 16) + 1)
        if all(need <= have for need, have in zip(task.smallest_input(count), (timesteps, features), strict=True))
    ]
    task, count = draw(st.sampled_from(fitting))
    activations, losses = OUTPUTS[TASKS[task].kind]
    return Head(
        name=draw(names()) if name is None else name,
        task=task,
        units=count,
        hidden=tuple(draw(st.lists(_units(small), max_size=2))),
        activation=draw(st.sampled_from(activations)),
        loss=draw(st.sampled_from(losses)),
        label=draw(labels),
    )


@st.composite
def architectures(draw, small=False, source=SYNTHETIC):
    """An architecture of that source. About half of them have heads that a fused style can write, too."""
    timesteps, features = (
        draw(st.integers(1, 9 if small else 64)),
        draw(st.integers(1, min(3 if small else 16, len(source.columns) or 16))),
    )
    if draw(st.booleans()):
        first = draw(heads(timesteps=timesteps, features=features, small=small, source=source))
        first = first.model_copy(update={"hidden": ()})
        others = range(2, 1 + draw(st.integers(1, 4 if small else 64)))
        branches = [first, *(first.model_copy(update={"name": f"{first.name[:27]}_{n}"}) for n in others)]
    else:
        called = draw(st.lists(names(), min_size=1, max_size=4 if small else 8, unique=True))
        branches = [draw(heads(name, timesteps, features, small, source)) for name in called]
    layers = st.builds(DenseLayer, units=_units(small), activation=_any_of(Activation))
    return Architecture(
        timesteps=timesteps,
        features=features,
        lstm=tuple(draw(st.lists(_units(small), min_size=1, max_size=3))),
        dense=tuple(draw(st.lists(layers, max_size=3))),
        heads=tuple(branches),
    )


def sequences(small=False):
    """Settings of the dataset, with noise and scales for some heads, all of them, or more than there are."""
    return st.builds(
        Sequences,
        samples=st.integers(32, 64 if small else 4096),
        seed=_seeds,
        relatedness=st.floats(-1, 1),
        noise=st.lists(st.floats(0, 10), max_size=8).map(tuple),
        scale=st.lists(st.floats(0.001, 1000), max_size=8).map(tuple),
    )


def trainings(small=False):
    """Training settings."""
    return st.builds(
        Training,
        optimizer=st.sampled_from(sorted(OPTIMIZERS)),
        learning_rate=st.floats(1e-5, 0.01 if small else 100),
        batch=st.integers(1, 512),
        epochs=st.integers(1, 3 if small else 100),
        validation=st.floats(0, 0.5),
        combine=_any_of(Combine),
        weights=st.lists(st.floats(0, 100), max_size=8).map(tuple),
        same_start=st.booleans(),
        seed=_seeds,
        seeds=st.integers(1, 2 if small else 10),
    )


def recorded_sequences(small=False):
    """Settings of windows of a recording, with scales for some heads."""
    scale = st.lists(st.floats(0.001, 1000), max_size=8).map(tuple)
    return st.builds(Sequences, samples=st.integers(32, 64 if small else 1333), scale=scale)


@st.composite
def versus(draw, architecture):
    """Settings of the right side: none, or some that fit the architecture."""
    if draw(st.booleans()):
        return Versus()
    activations = st.tuples(*(_any_of(Activation) for _ in architecture.dense))
    dense = activations.map(
        lambda chosen: tuple(
            layer.model_copy(update={"activation": activation})
            for layer, activation in zip(architecture.dense, chosen, strict=True)
        )
    )
    return Versus(
        optimizer=draw(st.none() | st.sampled_from(sorted(OPTIMIZERS))),
        learning_rate=draw(st.none() | st.floats(1e-5, 0.01)),
        batch=draw(st.none() | st.integers(1, 512)),
        combine=draw(st.none() | _any_of(Combine)),
        weights=draw(st.none() | st.lists(st.floats(0, 100), max_size=8).map(tuple)),
        dense=draw(st.none() | dense),
    )


@st.composite
def experiments(draw, small=False, settings=True):
    """A whole experiment of any source with any style on either side, even one that cannot write the architecture.

    Some compare two settings, unless `settings` is false.
    """
    source = SOURCES[draw(st.sampled_from(sorted(SOURCES)))]
    architecture = draw(architectures(small, source))
    return Experiment(
        architecture=architecture,
        left=draw(st.sampled_from(sorted(STYLES))),
        right=draw(st.sampled_from(sorted(STYLES))),
        sequences=draw((recorded_sequences if source.recorded else sequences)(small)),
        training=draw(trainings(small)),
        versus=draw(versus(architecture)) if settings else Versus(),
    )
