"""Mistake 11: one metric in a list, for a model with two outputs.

Keras: `trainers/compile_utils.py`, `CompileMetrics`: a list of metrics has to match the structure of the outputs.
"""

from __future__ import annotations

from backend.questions.mistakes.base import PRINT_LOSSES, RAISES, History, Mistake, Reading, fit, script

OPTIONS = (
    "The error of `level` alone, because `level` is the last output",
    "The error of each head",
    "One error of both heads together",
    RAISES,
)


def read(values: History, printed: str) -> Reading:
    """Which mean absolute errors `fit` logs."""
    errors = [name for name in values.history if name.endswith("mae")]
    finding = f"`fit` logs {' and '.join(f'`{name}`' for name in errors) or 'no mean absolute error'}."
    answer = {("level_mae",): OPTIONS[0], ("level_mae", "trend_mae"): OPTIONS[1], ("mae",): OPTIONS[2]}
    return Reading(answer.get(tuple(sorted(errors))), finding, wrong=errors != ["level_mae"])


def _script(metrics: str) -> str:
    return script(
        f"""\
model.compile(
    optimizer="sgd",
    loss=["mse", "mse"],
    metrics={metrics},
)
""",
        fit(),
        PRINT_LOSSES,
    )


MISTAKE = Mistake(
    key="metric_by_name",
    number=11,
    title="A metric for one head",
    question="`metrics` is a list with one name. Which mean absolute error does `fit` log?",
    options=OPTIONS,
    misconceptions=(
        "one-entry-belongs-to-the-last-head",
        "one-name-stands-for-every-head",
        "metrics-are-averaged",
        "",
    ),
    ticked=RAISES,
    broken=_script('["mae"]'),
    symptom="`fit` stops with an error. Its first line is about a tuple and its length, and names no head.",
    why="A list of metrics needs one entry for each output, in their order. A list with one entry for two outputs fits "
    "neither head. For a model with a single output, the same list is right.",
    remedy='Name the head: `metrics={"level": "mae"}`. Heads that are not named have no metric. In the logs the '
    "metric has the name of its head: `level_mae`.",
    mended=_script('{"level": "mae"}'),
    evidence=History,
    read=read,
)
