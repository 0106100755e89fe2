"""Mistake 15: a saved model with a loss of one's own.

Keras: `trainers/trainer.py`, `compile_from_config`: loading compiles the model again, which needs the function.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import RAISES, Mistake, Reading, is_close, number, script


class Losses(Measured):
    """The total loss of the `saved` model and of the `loaded` one; NaN if it has none."""

    saved: float
    loaded: float


OPTIONS = (
    "The model with both losses: the file holds the function",
    "The model without losses, which has to be compiled",
    "The model with `mse` for both heads",
    RAISES,
)


def read(values: Losses, printed: str) -> Reading:
    """Whether the loaded model has the loss of the saved one."""
    finding = f"The loss of the saved model is {number(values.saved)}, that of the loaded one {number(values.loaded)}."
    same = is_close(values.saved, values.loaded)
    missing = values.loaded != values.loaded
    return Reading(OPTIONS[0] if same else OPTIONS[1] if missing else OPTIONS[2], finding, wrong=not same)


def _script(objects: str) -> str:
    return "import tempfile\n\n" + script(
        """\
def tenfold(y_true, y_pred):
    return 10 * keras.losses.mean_squared_error(y_true, y_pred)


model.compile(optimizer="sgd", loss=["mse", tenfold])
model.fit(x, [trend, level], shuffle=False, verbose=0)
saved = model.evaluate(x, [trend, level], verbose=0)[0]

with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/model.keras"
    model.save(path)
""",
        f"    again = keras.saving.load_model(path{objects})\n",
        """\
loaded = float("nan")
if again.compiled:
    loaded = again.evaluate(x, [trend, level], verbose=0)[0]
print(f"loss of the saved model {saved:.3f}, of the loaded one {loaded:.3f}")
""",
    )


MISTAKE = Mistake(
    key="custom_loss",
    number=15,
    title="A saved model with a loss of your own",
    question="One head has a loss that the script defines. The model is saved and loaded. What does "
    "`load_model` return?",
    options=OPTIONS,
    misconceptions=(
        "a-file-holds-python-functions",
        "losses-are-never-saved",
        "an-unknown-loss-becomes-mse",
        "",
    ),
    ticked=RAISES,
    broken=_script(""),
    symptom="A model that was trained for hours cannot be loaded, not even to predict.",
    why="A `.keras` file holds the name of the function, not its code. To compile the model again, Keras needs the "
    "function, and it looks for it among those that were registered or given. The weights are in the file all the "
    "same.",
    remedy="Give the function as `custom_objects`, or decorate it with `@keras.saving.register_keras_serializable()`. "
    "If you only predict, `compile=False` is enough.",
    mended=_script(', {"tenfold": tenfold}'),
    evidence=Losses,
    read=read,
)
