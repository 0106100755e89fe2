"""The help of the controls of the page for a visitor's own model."""

from __future__ import annotations

from functools import partial

from components.help import Help, reader
from components.help import button as _button

HELP: dict[str, Help] = {
    "own.text": Help("The text that your model writes. It has the architecture, and no weights.", "model.to_json()",
                     "models/model_saving_apis/model_config_serialization/"),
    "own.read": Help("Reads the text above. The server keeps only the architecture in it."),
    "own.example": Help("Opens this model, which is one of ours."),
    "own.rewriting": Help("Which heads are written in the other style."),
    "own.time": Help("A worker takes train steps and forward passes with both styles in turns, on random numbers."),
    "own.use": Help("Sets the settings of all pages to this network. Each head gets a task of the app's that fits it."),
    "own.delete": Help(
        "Deletes the architecture from this server. Then no link to it works, also for others who opened the "
        "same model."
    ),
    "own.other": Help("Opens another file. The link to this model still works."),
}  # fmt: skip
text, button = reader(HELP), partial(_button, HELP)
