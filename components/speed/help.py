"""The help of the controls of Speed."""

from __future__ import annotations

from backend.questions.speed.sweep import MODES, STEPS_PER_EXECUTION
from components.help import Help, reader

HELP: dict[str, Help] = {
    "speed.k": Help(
        "How many equal heads the measured models have. A sweep measures each number that you choose; with XLA, those "
        f"up to {MODES['xla'].most_heads}."
    ),
    "speed.modes": Help(
        f"How Keras runs train steps: each by itself, {STEPS_PER_EXECUTION} in one call (`steps_per_execution`), or "
        f"compiled by XLA (`jit_compile`, at most {MODES['xla'].most_heads} heads).",
        "compile(steps_per_execution=…, jit_compile=…)",
        "models/model_training_apis/",
    ),
    "speed.mode": Help("The Keras mode that this page shows. A sweep measures each mode by itself."),
    "speed.start": Help(
        "Times all models of the sweep on this server. The page then shows these results with your settings."
    ),
}

text = reader(HELP)
