"""Script and notebook: they print in a fresh Python the losses that the page shows."""

import ast
import json
import math
import re

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
from backend.experiment.url import read_query
from backend.training.comparison import compare
from backend.training.export import notebook, script
from backend.training.job import TrainJob
from backend.training.loss_ratio import loss_shares
from backend.training.result import SIDES
from tests.builders import fresh_python
from tests.builders.own_tables import found, hostile_table, real_table
from tests.builders.strategies import experiments, labels

# Their text


@pytest.mark.slow
@settings(max_examples=15)
@given(experiments(), st.data())
def test_labels_are_not_in_script_or_notebook(experiment, data):
    values = experiment.model_dump()
    for head in values["architecture"]["heads"]:
        head["label"] = data.draw(labels)
    relabelled = Experiment.model_validate(values)
    assert script(relabelled) == script(experiment)
    assert notebook(relabelled) == notebook(experiment)


@pytest.mark.slow
@settings(max_examples=15)
@given(experiments())
def test_a_script_imports_keras_and_numpy_alone_and_tensorflow_where_a_method_needs_gradients(experiment):
    tree = ast.parse(script(experiment))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert len(names) == len(set(names)), "each once"
    imported = set(names)
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    method = any(side.method for side in experiment.sides())
    assert imported == {"__future__", "numpy", "keras"} | ({"tensorflow"} if method else set())
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {head.name for head in experiment.architecture.heads} <= words


@pytest.mark.slow
@settings(max_examples=15)
@given(experiments())
def test_a_notebook_is_valid_and_contains_the_script_cell_by_cell(experiment):
    text = notebook(experiment)
    cells = json.loads(text)["cells"]
    nbformat.validate(nbformat.reads(text, as_version=4))
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    whole = script(experiment)
    sections = 6 if any(side.method for side in experiment.sides()) else 5
    assert len(code) == sections + 2
    for cell in code:
        ast.parse(cell)
    for cell in code[:-1]:
        assert cell in whole
    assert len({cell["id"] for cell in cells}) == len(cells)


# What they print

BINARY = {"name": "jump", "task": "spike", "activation": "sigmoid", "loss": "binary_crossentropy"}
CLASSES = {
    **{"name": "kind", "task": "waveform", "units": 3},
    **{"activation": "softmax", "loss": "categorical_crossentropy"},
}
RAIN = {"name": "rain", "task": "rain", "activation": "sigmoid", "loss": "binary_crossentropy"}
TYPE = {
    **{"name": "weather", "task": "weather", "units": 5},
    **{"activation": "softmax", "loss": "categorical_crossentropy"},
}
CASES = {
    "one fused output against two heads": {
        "architecture": {"timesteps": 2, "lstm": [8]},
        "sequences": {"samples": 80},
        "training": {"epochs": 3},
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
    "the days of a recording, numbers, yes or no and classes": {
        "architecture": {
            "timesteps": 2,
            "features": 10,
            "lstm": [4],
            "dense": [],
            "heads": [{"name": "wind", "task": "wind"}, RAIN, TYPE],
        },
        "left": "functional",
        "right": "subclassing",
        "sequences": {"samples": 60},
        "training": {"epochs": 2, "batch": 16},
    },
}

TWO_SETTINGS = {
    "architecture": {"timesteps": 2, "lstm": [4], "dense": []},
    "sequences": {"samples": 40},
    "training": {"epochs": 2, "batch": 8, "seeds": 2, "validation": 0.25, "same_start": False},
    "versus": {"batch": 12, "combine": "mean", "optimizer": "sgd", "learning_rate": 0.01},
}


def trained(experiment, xla_program):
    """The run that the page shows."""
    from backend.jobs.runtime import Context
    from backend.worker.train import train

    run = train(TrainJob(experiment=experiment), Context(), xla_program=xla_program)
    assert run.stopped is None
    return run


def drawn_losses(run):
    """What the page draws: (seed, epoch, left total, right total, left and right validation) a row."""
    nan = float("nan")
    return np.array(
        [
            (
                *(epoch.seed, epoch.epoch, epoch.left.total, epoch.right.total),
                epoch.right.total / epoch.left.total if epoch.left.total else nan,
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


def printed_answer(text):
    """What a script printed of each task: its losses by side, their ratio by the names of the sides, a difference."""
    lines = re.compile(
        r"^(\w\S*)\n  (.+): (\S+)\n  (.+): (\S+)\n  (.+), on average over the epochs: (\S+)\n"
        r"  largest difference in any epoch: (\S+)%$",
        re.M,
    )
    return {
        head: ({left: float(of_left), right: float(of_right)}, {names: float(times)}, float(difference) / 100)
        for head, left, of_left, right, of_right, names, times, difference in lines.findall(text)
    }


def answers_agree(text, experiment, run):
    """The script names the sides as the page does, and prints the figures of its answer (`finding.answer`)."""
    titles = dict(zip(SIDES, titles_of(experiment), strict=True))
    heads = [head.name for head in experiment.architecture.heads]
    said = printed_answer(text)
    assert list(said) == (heads if experiment.parts[1] else [])
    last = [epoch for epoch in run.epochs if epoch.epoch == experiment.training.epochs]
    for each in compare(experiment, run.epochs) if said else ():
        losses, ratio, difference = said[each.head]
        for side, title in titles.items():
            shown = np.median([getattr(epoch, side).val_heads[each.head] for epoch in last])
            assert losses[title] == pytest.approx(shown, rel=1e-4, abs=1e-30)
        right_lower = each.average < 1
        names = " ÷ ".join(titles[side] for side in (reversed(SIDES) if right_lower else SIDES))
        assert ratio == {names: pytest.approx(each.average if right_lower else 1 / each.average, rel=1e-4)}
        assert difference == pytest.approx(each.difference, rel=1e-2, abs=1e-4)


def agree(text, experiment, xla_program=False):
    run = trained(experiment, xla_program)
    answers_agree(text, experiment, run)
    drawn, rows = drawn_losses(run), printed(text)
    assert rows.shape == drawn.shape
    assert math.isnan(rows[0, -1]) == (experiment.training.split(experiment.sequences.samples)[1] == 0)
    np.testing.assert_allclose(rows, drawn, rtol=1e-4)
    for column, style in zip((2, 3), experiment.styles(), strict=True):
        learns = any(loss_shares(experiment, style))
        assert len({*rows[:, column]}) == (len(rows) if learns else 1)


#: A script trains once more to measure the round-off. Here it does not, and the cells of the notebook run.
AS_NOTEBOOK = "the days of a recording, numbers, yes or no and classes"


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [pytest.param(each, marks=[] if each == AS_NOTEBOOK else [pytest.mark.soak]) for each in CASES]
)
def test_the_script_prints_the_shown_losses_in_a_fresh_python(case):
    experiment = Experiment.model_validate(CASES[case])
    assert experiment.unsupported_styles() == []
    source = script(experiment)
    if case == AS_NOTEBOOK:
        cells = nbformat.reads(notebook(experiment), as_version=4).cells
        source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        source = source.replace("ROUND_OFF = True", "ROUND_OFF = False")
    text = fresh_python.printed(source)
    agree(text, experiment)
    assert case == AS_NOTEBOOK or max(fresh_python.round_off(text)) < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "columns", "heads"),
    [
        (hostile_table, "1-2-4-5", ["a.number_1", "b.yes_2", "c.class_3.3"]),
        (real_table, "1-3-4", ["a.number_1", "b.yes_4", "c.class_2.3"]),
    ],
)
def test_the_script_reads_the_csv_that_is_offered_with_it_and_prints_the_shown_losses(table, columns, heads):
    with found(table()) as source:
        query = {"csv": [f"{source.own.table.id}.{columns}.3"], "head": heads, "left": ["functional"]}
        query |= {"right": ["subclassing"]}
        experiment, notices = read_query(query | {"lstm": ["5"], "epochs": ["2"], "scale": ["2"], "timesteps": ["2"]})
        assert not notices
        file = experiment.architecture.source.file
        text = fresh_python.printed(script(experiment).replace("ROUND_OFF = True", "ROUND_OFF = False"), file)
        assert f"It reads {file.name} from the folder in which it runs." in script(experiment)
        agree(text, experiment)


@pytest.mark.slow
def test_the_script_of_two_settings_trains_both_and_prints_the_figures_of_the_verdict():
    experiment = Experiment.model_validate(TWO_SETTINGS)
    text = fresh_python.printed(script(experiment).replace("ROUND_OFF = True", "ROUND_OFF = False"))
    agree(text, experiment)
    last = printed(text)[[1, 3]]
    (line,) = (line for line in text.splitlines() if line.startswith("at the end, "))
    one, other = titles_of(experiment)
    ratios = last[:, 6] / last[:, 5]
    before, _, figures = line.partition(": median ")
    assert before == f"at the end, total validation loss, {other} ÷ {one}"
    said = [*map(float, re.findall(r"\d+\.\d{6}", figures))]
    np.testing.assert_allclose(said, [np.median(ratios), ratios.min(), ratios.max()], rtol=1e-5)
    assert line.endswith(f"{other} is lower with {(ratios < 1).sum()} of 2 seeds")
