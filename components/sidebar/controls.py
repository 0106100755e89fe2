"""The settings at the side, each a view of the experiment; what two styles cannot share is said beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.architecture import Activation, DenseLayer, Head
from backend.experiment.presets import PRESETS, THREAD
from backend.experiment.styles import STYLES, why_not_fused
from backend.experiment.tasks import TASKS
from backend.experiment.tasks.base import OUTPUTS
from backend.experiment.training import OPTIMIZERS, Combine, Optimizer
from backend.experiment.url import repair
from backend.words import listed
from components.session import state
from components.text import for_markdown

#: Heads a page offers; the backend takes 64.
MOST_HEADS = 16

OPTIMIZER_TITLES: dict[Optimizer, str] = {
    "sgd": "SGD",
    "momentum": "SGD + momentum 0.9",
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
}
COMBINE_TITLES: dict[Combine, str] = {
    "sum": "sum (Keras's default)",
    "mean": "mean (as the fused loss)",
    "own": "own weights",
}


def presets() -> None:
    """A preset to start from, and the way back to the thread's network."""
    names = list(PRESETS)
    current = state.experiment()
    st.session_state["preset"] = next((name for name in names if PRESETS[name] == current), None)

    def load() -> None:
        state.replace(PRESETS[st.session_state["preset"] or THREAD])

    st.selectbox("Start from", names, key="preset", on_change=load, placeholder="your own settings")
    st.button(
        "Reset to the thread's network",
        icon=":material/restart_alt:",
        on_click=lambda: state.replace(PRESETS[THREAD]),
        disabled=current == PRESETS[THREAD],
        width="stretch",
    )


def section(title: str, draw: Callable[[], None], folded: bool = False) -> None:
    """A part of the settings under its title; a folded one is drawn when it is opened."""
    if not folded:
        st.header(title, anchor=False)
        draw()
        return
    expander = st.expander(title, key=f"section.{title}", on_change=state.touch)
    if expander.open:
        with expander:
            draw()


def architecture() -> None:
    """Input, trunk and heads."""
    trunk()
    section("Heads, one a task", _heads)


def trunk() -> None:
    """Input and trunk."""
    section("Input", _input)
    section("Trunk, shared by all heads", _trunk)


def step() -> None:
    """What a single training step depends on, beside the architecture."""
    optimizer, batch = st.columns(2)
    _optimizer(optimizer)
    batch.number_input("Batch", 1, 512, **state.view(("training", "batch")))


def _input() -> None:
    steps, features = st.columns(2)
    steps.number_input("Timesteps", 1, 64, **state.view(("architecture", "timesteps")))
    features.number_input("Features", 1, 16, **state.view(("architecture", "features")))


def _trunk() -> None:
    current = state.experiment().architecture
    left, right = st.columns(2)
    _count(left, "LSTM layers", 1, 3, ("architecture", "lstm"), 32)
    _count(right, "Dense layers", 0, 3, ("architecture", "dense"), DenseLayer().model_dump())
    for i in range(len(current.lstm)):
        st.number_input(f"LSTM {i + 1} units", 1, 256, **state.view(("architecture", "lstm", i)))
    for i in range(len(current.dense)):
        units, activation = st.columns(2)
        units.number_input(f"Dense {i + 1} units", 1, 256, **state.view(("architecture", "dense", i, "units")))
        activation.selectbox(
            "Activation", get_args(Activation), **state.view(("architecture", "dense", i, "activation"))
        )


def _count(place: Any, label: str, low: int, high: int, path: state.Path, new: Any) -> None:
    """A number input for the length of a tuple; more items are copies of `new`."""
    items = list(state.at(state.experiment().model_dump(), path))
    key = ".".join(map(str, path)) + ".count"
    st.session_state[key] = len(items)

    def resize() -> None:
        wanted = st.session_state[key]
        state.change(path, (items + [new] * high)[:wanted])

    place.number_input(label, low, high, key=key, on_change=resize)


def _heads() -> None:
    experiment = state.experiment()
    heads = experiment.architecture.heads
    st.session_state["heads.count"] = min(len(heads), MOST_HEADS)
    st.number_input("Number of heads", 1, MOST_HEADS, key="heads.count", on_change=_resize_heads)
    if len(heads) > MOST_HEADS:
        st.caption(f"This link has {len(heads)} heads; the first {MOST_HEADS} can be edited here.")
    for i, head in enumerate(heads[:MOST_HEADS]):
        expander = st.expander(f"{i + 1} · {for_markdown(head.title)}", key=f"head.{i}.open", on_change=state.touch)
        if expander.open:
            with expander:
                _head(i, head)
    reason = why_not_fused(experiment.architecture)
    if reason:
        st.caption(f":material/info: {reason[0].upper()}{reason[1:]}. Styles with one output per head can.")


def _resize_heads() -> None:
    settings = state.experiment().model_dump()
    heads = list(settings["architecture"]["heads"])
    wanted = min(int(st.session_state["heads.count"]), MOST_HEADS)  # a browser's bounds are only advice
    tasks = list(TASKS)
    while len(heads) < wanted:
        used = [head["task"] for head in heads]
        free = [task for task in tasks if task not in used and TASKS[task].kind == "regression"] or ["mean"]
        heads.append(Head.for_task(free[0], name=_unused(free[0], [head["name"] for head in heads])).model_dump())
    settings["architecture"]["heads"] = heads[:wanted]
    state.replace(*repair(settings))


def _head(i: int, head: Head) -> None:
    path: state.Path = ("architecture", "heads", i)
    key = f"head.{i}.task"
    st.session_state[key] = head.task

    def change_task() -> None:
        task = st.session_state[key]
        names = [other.name for j, other in enumerate(state.experiment().architecture.heads) if j != i]
        name = _unused(task, names) if task in TASKS else head.name
        usual = Head.for_task(task, name=name, label=head.label).model_dump() if task in TASKS else {"task": task}
        state.change(path, head.model_dump() | usual)

    st.selectbox("Task", list(TASKS), key=key, on_change=change_task, format_func=lambda task: TASKS[task].title)
    steps, features = head.spec.smallest_input(head.units)
    st.caption(f"{head.spec.description} Smallest input: {steps} × {features} (timesteps × features).")
    activations, losses = OUTPUTS[head.spec.kind]
    low, high = head.spec.units
    name, label = st.columns(2)
    name.text_input("Name in code", max_chars=31, **state.view((*path, "name")))
    label.text_input("Label", max_chars=60, **state.view((*path, "label")), placeholder=head.name)
    units, hidden = st.columns(2)
    units.number_input("Units", low, high, **state.view((*path, "units")))
    _count(hidden, "Hidden layers", 0, 2, (*path, "hidden"), 8)
    for j in range(len(head.hidden)):
        st.number_input(f"Hidden {j + 1} units (ReLU)", 1, 256, **state.view((*path, "hidden", j)))
    activation, loss = st.columns(2)
    activation.selectbox("Activation", activations, **state.view((*path, "activation")))
    loss.selectbox("Loss", losses, **state.view((*path, "loss")))


def style(side: str) -> None:
    """The style on one side (`left` or `right`)."""
    st.selectbox(
        f"Style on the {side}",
        list(STYLES),
        format_func=lambda key: STYLES[key].title,
        label_visibility="collapsed",
        **state.view((side,)),
    )


def sequences() -> None:
    """The synthetic data: how much, how related, how noisy."""
    experiment = state.experiment()
    samples, seed = st.columns(2)
    samples.number_input("Sequences", 32, 4096, step=32, **state.view(("sequences", "samples")))
    seed.number_input("Data seed", 0, 2**31 - 1, **state.view(("sequences", "seed")))
    tasks = {head.task for head in experiment.architecture.heads}
    if tasks & {"related_a", "related_b"}:
        st.slider("Relatedness ρ of the pair", -1.0, 1.0, step=0.05, **state.view(("sequences", "relatedness")))
    with st.expander("Noise and scale per task", key="noise.open", on_change=state.touch) as per_task:
        if per_task.open:
            for i, head in enumerate(experiment.architecture.heads[:MOST_HEADS]):
                noise, scale = st.columns(2)
                _by_head(noise, "noise", i, head, 0.0, 10.0, 0.05)
                if head.spec.kind == "regression":
                    _by_head(scale, "scale", i, head, 0.001, 1000.0, 0.5)


def _by_head(place: Any, what: str, i: int, head: Head, low: float, high: float, step: float) -> None:
    """A number of head `i` in one of the sequences' tuples, which may be shorter than the heads."""
    data = state.experiment().sequences
    of = data.noise_of if what == "noise" else data.scale_of
    key = f"sequences.{what}.{i}"
    st.session_state[key] = of(i)

    def write() -> None:
        values = [of(j) for j in range(max(i + 1, len(getattr(data, what))))]
        values[i] = st.session_state[key]
        state.change(("sequences", what), values)

    place.number_input(
        f"{what.capitalize()}, {for_markdown(head.title)}", low, high, step=step, key=key, on_change=write
    )


def training() -> None:
    """Optimizer, rate, batches, epochs, how losses combine, and where both styles start."""
    experiment = state.experiment()
    optimizer, rate = st.columns(2)
    _optimizer(optimizer)
    rate.number_input(
        "Learning rate", 1e-5, 100.0, step=0.001, format="%.5g", **state.view(("training", "learning_rate"))
    )
    epochs, batch = st.columns(2)
    epochs.number_input("Epochs", 1, 100, **state.view(("training", "epochs")))
    batch.number_input("Batch", 1, 512, **state.view(("training", "batch")))
    st.slider("Validation share", 0.0, 0.5, step=0.05, **state.view(("training", "validation")))
    samples = experiment.sequences.samples
    if experiment.training.validation and not experiment.training.split(samples)[1]:
        st.caption(f":material/info: So small a share of {samples} sequences rounds to none: all of them train.")
    st.selectbox(
        "Head losses combine by",
        list(COMBINE_TITLES),
        format_func=lambda key: COMBINE_TITLES[key],
        **state.view(("training", "combine")),
    )
    one_loss = [style.title for style in experiment.styles() if style.one_output(experiment.architecture)]
    if one_loss and experiment.training.combine != "mean":
        st.caption(
            f":material/info: {listed(dict.fromkeys(one_loss))} has one output and one loss, the mean over all "
            "output units: this setting does not reach it."
        )
    if experiment.training.combine == "own":
        for i, head in enumerate(experiment.architecture.heads[:MOST_HEADS]):
            _weight(i, head, experiment)
    st.toggle("Same initial weights", **state.view(("training", "same_start")))
    seed, seeds = st.columns(2)
    seed.number_input("Seed", 0, 2**31 - 100, **state.view(("training", "seed")))
    seeds.number_input("Number of seeds", 1, 10, **state.view(("training", "seeds")))


def _optimizer(place: Any) -> None:
    place.selectbox(
        "Optimizer",
        list(OPTIMIZERS),
        format_func=lambda key: OPTIMIZER_TITLES[key],
        **state.view(("training", "optimizer")),
    )


def _weight(i: int, head: Head, experiment: Experiment) -> None:
    weights = list(experiment.training.loss_weights(experiment.architecture))
    key = f"training.weights.{i}"
    st.session_state[key] = weights[i]

    def write() -> None:
        weights[i] = st.session_state[key]
        state.change(("training", "weights"), weights)

    st.number_input(f"Weight of {for_markdown(head.title)}", 0.0, 100.0, step=0.1, key=key, on_change=write)


def _unused(stem: str, names: list[str]) -> str:
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 100))) if name not in names)
