"""Exports: script and notebook print in a fresh Python the losses that the page shows; the CSV has all of them."""

import ast
import io
import json
import math
import re

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.presets import PRESETS
from backend.training.export import curves_csv, notebook, script
from backend.training.job import TrainJob
from backend.training.loss_ratio import loss_shares
from backend.training.result import Epoch, Losses, Run, Timings
from tests import fresh_python
from tests.strategies import experiments, labels

# Their text


@settings(max_examples=15)
@given(experiments(), st.data())
def test_labels_are_not_in_script_or_notebook(experiment, data):
    values = experiment.model_dump()
    for head in values["architecture"]["heads"]:
        head["label"] = data.draw(labels)
    relabelled = Experiment.model_validate(values)
    assert script(relabelled) == script(experiment)
    assert notebook(relabelled) == notebook(experiment)


@settings(max_examples=15)
@given(experiments())
def test_a_script_is_python_that_imports_keras_and_numpy_alone(experiment):
    tree = ast.parse(script(experiment))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"__future__", "numpy", "keras"}
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {head.name for head in experiment.architecture.heads} <= words


@settings(max_examples=15)
@given(experiments())
def test_a_notebook_is_valid_and_contains_the_script_cell_by_cell(experiment):
    text = notebook(experiment)
    cells = json.loads(text)["cells"]
    nbformat.validate(nbformat.reads(text, as_version=4))
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    whole = script(experiment)
    assert len(code) == 6
    for cell in code:
        ast.parse(cell)
        assert cell in whole
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_the_script_contains_the_source_of_both_styles_as_the_page_shows_it():
    experiment = PRESETS["Three kinds of tasks: number, yes or no, class"]
    text = script(experiment)
    for style in experiment.styles():
        for line in style.write(experiment.architecture).splitlines():
            assert line in text
    assert [style.title for style in experiment.styles()] == ["Functional", "Subclassing"]
    assert text.startswith('"""Compare Functional with Subclassing on the same synthetic sequences')


# Curves as CSV

_loss = st.floats(0, 1e30)


@st.composite
def runs(draw):
    """A run with curves alone, validated or not."""
    experiment = draw(experiments(small=True))
    names = [head.name for head in experiment.architecture.heads]
    validated = draw(st.booleans())

    def losses():
        heads = {name: draw(_loss) for name in names}
        if not validated:
            return Losses(total=draw(_loss), heads=heads)
        return Losses(total=draw(_loss), heads=heads, val_total=draw(_loss), val_heads=dict.fromkeys(names, 0.5))

    epochs = [
        Epoch(seed=seed, epoch=epoch, left=losses(), right=losses(), seconds=0.1)
        for seed in range(draw(st.integers(1, 2)))
        for epoch in range(1, draw(st.integers(1, 3)) + 1)
    ]
    return Run(
        experiment=experiment,
        styles=tuple(style.key for style in experiment.styles()),
        epochs=epochs,
        snapshots=[],
        predictions=None,
        weights={"left": {}, "right": {}},
        timings=Timings(build=0, trace=0, train=0, step=0, steps=0, traced=0),
        versions={},
    )


@settings(max_examples=15)
@given(runs())
def test_the_csv_contains_every_loss_of_the_run(run):
    table = pd.read_csv(io.StringIO(curves_csv(run)), keep_default_na=False, float_precision="round_trip")
    assert list(table.columns) == ["seed", "epoch", "side", "style", "split", "loss", "value"]
    assert list(table.groupby("side")["style"].unique().explode().items()) == list(
        zip(("left", "right"), run.styles, strict=True)
    )
    values = table.set_index(["seed", "epoch", "side", "split", "loss"])["value"]
    assert values.index.is_unique
    expected = {}
    for epoch in run.epochs:
        for side in ("left", "right"):
            losses = getattr(epoch, side)
            curves = {("train", "total"): losses.total} | {("train", name): v for name, v in losses.heads.items()}
            if losses.val_total is not None:
                curves |= {("validation", "total"): losses.val_total}
                curves |= {("validation", name): v for name, v in losses.val_heads.items()}
            expected |= {(epoch.seed, epoch.epoch, side, *key): value for key, value in curves.items()}
    assert values.to_dict() == expected


# What they print

BINARY = {"name": "jump", "task": "spike", "activation": "sigmoid", "loss": "binary_crossentropy"}
CLASSES = {
    **{"name": "kind", "task": "waveform", "units": 3},
    **{"activation": "softmax", "loss": "categorical_crossentropy"},
}
CASES = {
    "the thread's network": {
        "sequences": {"samples": 160},
        "training": {"epochs": 4},
    },
    "binary and class heads, hidden layers, own weights, a smaller last batch, names as in the script": {
        "architecture": {
            "timesteps": 8,
            "features": 3,
            "lstm": [5],
            "dense": [{"units": 6, "activation": "relu"}],
            "heads": [
                {"name": "y", "units": 2, "label": "import os"},
                {**BINARY, "name": "seed", "hidden": [5]},
                {**CLASSES, "name": "optimizer", "hidden": [4, 3]},
            ],
        },
        "left": "functional",
        "right": "subclassing",
        "sequences": {"samples": 75, "noise": [0.3, 0.1, 0.2], "scale": [4], "seed": 3},
        "training": {"epochs": 3, "batch": 16, "combine": "own", "weights": [0.25, 3], "seed": 4},
    },
    "from separate heads to a fused output, the mean, two seeds, nothing validates": {
        "architecture": {
            "timesteps": 4,
            "dense": [],
            "heads": [
                {"name": "last", "task": "last", "units": 2, "loss": "huber"},
                {"name": "trend", "loss": "huber"},
            ],
        },
        "left": "subclassing",
        "right": "sequential",
        "sequences": {"samples": 40, "seed": 1},
        "training": {
            **{"epochs": 2, "batch": 12, "combine": "mean", "validation": 0, "seeds": 2, "seed": 8},
            **{"optimizer": "momentum", "learning_rate": 0.05},
        },
    },
    "one head of classes, long sequences, own starts": {
        "architecture": {"timesteps": 40, "features": 1, "lstm": [4], "heads": [CLASSES]},
        "left": "functional_fused",
        "right": "subclassing",
        "sequences": {"samples": 48},
        "training": {"epochs": 2, "batch": 16, "same_start": False, "optimizer": "adamw", "combine": "own"},
    },
    "all loss weights are 0 on both sides, and the validation share rounds to no sequence": {
        "architecture": {"timesteps": 4, "lstm": [3]},
        "left": "functional",
        "right": "subclassing",
        "sequences": {"samples": 32},
        "training": {"epochs": 2, "combine": "own", "weights": [0, 0], "validation": 0.01},
    },
    "all loss weights are 0, of the left side alone": {
        "architecture": {"timesteps": 4, "lstm": [3]},
        "left": "functional",
        "right": "sequential",
        "sequences": {"samples": 40},
        "training": {"epochs": 2, "combine": "own", "weights": [0, 0]},
    },
    "a fused cross-entropy against separate ones": {
        "architecture": {"timesteps": 4, "lstm": [4, 3], "heads": [BINARY, {**BINARY, "name": "again", "units": 2}]},
        "left": "functional_fused",
        "right": "functional",
        "sequences": {"samples": 64},
        "training": {"epochs": 3, "optimizer": "rmsprop", "learning_rate": 0.01},
    },
}


def trained(experiment):
    """What the page draws: (seed, epoch, left total, right total, left and right validation) a row."""
    from backend.jobs.runtime import Context
    from backend.worker.train import train

    run = train(TrainJob(experiment=experiment), Context())
    assert run.stopped is None
    nan = float("nan")
    return np.array(
        [
            (
                *(epoch.seed, epoch.epoch, epoch.left.total, epoch.right.total, epoch.ratio),
                *(nan if side.val_total is None else side.val_total for side in (epoch.left, epoch.right)),
            )
            for epoch in run.epochs
        ]
    )


def printed(text):
    """The same rows, read from what a script printed."""
    seed, rows = None, []
    for line in text.splitlines():
        if found := re.match(r"seed (\d+):", line):
            seed = int(found[1])
        elif found := re.match(r"epoch (\d+): (.*)", line):
            left, right, ratio, *validation = map(float, found[2].split())
            rows.append((seed, int(found[1]), left, right, ratio, *validation))
    return np.array(rows)


def agree(text, experiment):
    drawn, rows = trained(experiment), printed(text)
    assert rows.shape == drawn.shape
    assert math.isnan(rows[0, -1]) == (experiment.training.split(experiment.sequences.samples)[1] == 0)
    assert ("nan twice" in text) == math.isnan(rows[0, -1])
    np.testing.assert_allclose(rows, drawn, rtol=1e-4)
    for column, style in zip((2, 3), experiment.styles(), strict=True):
        learns = any(loss_shares(experiment, style))
        assert len({*rows[:, column]}) == (len(rows) if learns else 1)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_script_prints_the_shown_losses_in_a_fresh_python(case):
    experiment = Experiment.model_validate(CASES[case])
    assert experiment.unsupported_styles() == []
    agree(fresh_python.printed(script(experiment)), experiment)


@pytest.mark.slow
def test_the_notebook_prints_the_shown_losses(tmp_path, monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.delenv("PYTHONPATH", raising=False)
    settings = {"architecture": {"timesteps": 4, "lstm": [4]}, "sequences": {"samples": 64}, "training": {"epochs": 2}}
    experiment = Experiment.model_validate(settings)
    opened = nbformat.reads(notebook(experiment), as_version=4)
    NotebookClient(opened, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    said = [output for cell in opened.cells for output in cell.get("outputs", [])]
    assert {output.get("name") for output in said} <= {"stdout", "stderr"}
    agree("".join(output.text for output in said if output.name == "stdout"), experiment)
