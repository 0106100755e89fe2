"""An XLA program of the trainer against a training step by step, and against plain `model.fit`.

`long_train_speedup_vs_fit`: the training of 100 epochs of the thread's network, without building and compiling.
`long_run_speedup`: 100 epochs × 10 seeds from building to the end, compiling included, and the same with 16 heads.
`xla_program_pays_after_s_*`: how many seconds a run takes step by step if it takes as long as an XLA program, with
compiling. `LONG` in `backend/training/duration.py` is larger, for 2 and for 16 heads.
`around_steps_share_*`: the share of a run with validation in which neither steps nor validation are computed.
`validation_share_step_by_step`: the share of the validation of a fifth of the sequences.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median
from typing import Any

from backend.experiment import Experiment
from benchmarks.training import EXPERIMENT, Process

ROUNDS = 3
TWO, SIXTEEN = "long_run_speedup", "long_run_speedup_16_heads"


def measure() -> Iterator[tuple[str, float]]:
    """Ratios within one run. Each long run is measured once in either way."""
    with ExitStack() as stack:
        fit, trainer = (stack.enter_context(Process(kind)) for kind in ("fit", "both_ways"))
        for process in (fit, trainer):  # the first model in a process takes longer
            process.measure(EXPERIMENT)
        hundred = _longer(epochs=100)
        rounds = [{**fit.measure(hundred), **trainer.measure(hundred)} for _ in range(ROUNDS)]
        yield "long_train_speedup_vs_fit", median(row["fit_again"] / row["second_steps"] for row in rounds)
        for heads, (name, setting) in zip((2, 16), _LONG.items(), strict=True):
            row = trainer.measure(setting)
            yield name, row["first_run"] / row["second_run"]
            yield f"{name}_s", row["second_run"]
            yield f"xla_program_pays_after_s_{heads}_heads", _break_even(row)
        validated = trainer.measure(_longer(epochs=100, seeds=10, validation=0.2))
        for way, name in (("first", "step_by_step"), ("second", "xla_program")):
            yield f"around_steps_share_{name}", validated[f"{way}_around"]
        yield "validation_share_step_by_step", validated["first_evaluate"]


def _break_even(row: dict[str, float]) -> float:
    """The seconds of a run that takes equally long in both ways. An XLA program starts later and is faster."""
    first, second = (row[f"{way}_run"] - row[f"{way}_start"] for way in ("first", "second"))
    return (row["second_start"] - row["first_start"]) / (1 - second / first) + row["first_start"]


def _longer(heads: int = 2, **training: Any) -> Experiment:
    architecture = {"heads": [{"name": f"head_{i}", "task": "level"} for i in range(heads)]}
    settings = EXPERIMENT.model_dump() | {"training": EXPERIMENT.training.model_dump() | training}
    return Experiment.model_validate(settings | ({"architecture": architecture} if heads != 2 else {}))


_LONG = {
    TWO: _longer(epochs=100, seeds=10),
    SIXTEEN: _longer(heads=16, epochs=100, seeds=10),
}
