"""The help of the controls of the page for a visitor's own model."""

from __future__ import annotations

from components.help import Help, reader

HELP: dict[str, Help] = {
    "own.text": Help("The text that your model writes. It has the architecture, and no weights.", "model.to_json()",
                     "models/model_saving_apis/model_config_serialization/"),
    "own.read": Help("Reads the text above. The server keeps only the architecture in it."),
    "own.example": Help("Opens this model, which is one of ours."),
    "own.rewriting": Help("Which heads are written in the other style."),
    "own.time": Help("A worker takes train steps and forward passes with both styles in turns, on random numbers."),
    "own.time.cancel": Help("Stops the timing. It goes on if another visitor waits for it."),
    "own.csv": Help("Downloads every reading of these timings."),
    "own.script": Help(
        "Downloads a Python file that times a train step of both styles. It needs Keras and TensorFlow."
    ),
    "own.use": Help("Sets the settings of all pages to this network. Each head gets a task of the app's that fits it."),
    "own.delete": Help(
        "Deletes the architecture from this server. Then no link to it works, also for others who opened the "
        "same model."
    ),
    "own.other": Help("Opens another file. The link to this model still works."),
}  # fmt: skip
text = reader(HELP)
