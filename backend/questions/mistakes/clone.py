"""Mistake 9: `clone_model` gives new weights.

Keras: `models/cloning.py:25`: it "creates new layers (and thus new weights)".
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import Mistake, Reading, is_close, number, script


class Errors(Measured):
    """The errors of the `trained` model and its clone (`cloned`), and whether they share layers (`shared`)."""

    trained: float
    cloned: float
    shared: bool


OPTIONS = (
    "A copy of the trained weights",
    "The trained weights themselves, because both models share their layers",
    "New random weights",
)


def read(values: Errors, printed: str) -> Reading:
    """Which weights the clone has, by its error."""
    finding = (
        f"The error of the trained model is {number(values.trained)}, that of the clone {number(values.cloned)}. They "
        f"{'share their layers' if values.shared else 'have layers of their own'}."
    )
    same = is_close(values.trained, values.cloned)
    answer = OPTIONS[1] if values.shared else OPTIONS[0] if same else OPTIONS[2]
    return Reading(answer, finding, wrong=not same)


def _script(*lines: str) -> str:
    return script(
        """\
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=["mse", "mse"])
model.fit(x, [trend, level], epochs=5, shuffle=False, verbose=0)


def error(network):
    pairs = zip(network(x), [trend, level])
    return float(sum(np.mean((np.asarray(a) - b) ** 2) for a, b in pairs))


clone = keras.models.clone_model(model)
""",
        *(f"{line}\n" for line in lines),
        """\
trained, cloned = error(model), error(clone)
shared = clone.get_layer("trunk") is model.get_layer("trunk")
print(f"error of the model: {trained:.2g}, error of the clone: {cloned:.2g}")
""",
    )


MISTAKE = Mistake(
    key="clone",
    number=9,
    title="A clone of a trained model",
    question="The model is trained and then cloned. Which weights does the clone have?",
    options=OPTIONS,
    misconceptions=("a-clone-is-a-copy-with-its-weights", "a-clone-shares-its-layers", ""),
    ticked=OPTIONS[2],
    broken=_script(),
    symptom="The clone of a trained model predicts as if it had never been trained.",
    why="`clone_model` copies the structure. It creates new layers from the configuration of the old ones, and new "
    "layers draw new initial weights.",
    remedy="Copy the weights as well, with `set_weights`.",
    mended=_script("clone.set_weights(model.get_weights())"),
    evidence=Errors,
    read=read,
)
