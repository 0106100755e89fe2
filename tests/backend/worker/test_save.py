"""The trained model as a file that Keras opens without us, compiled as it was trained."""

import pytest

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context
from backend.training.export.script import sections
from backend.training.export.source import targets
from backend.training.job import SaveModelJob, TrainJob
from backend.worker.save import save_model
from backend.worker.train import train
from tests.builders import fresh_python

pytestmark = pytest.mark.slow

EXPERIMENT = Experiment.model_validate(
    {
        "architecture": {
            "timesteps": 2,
            "lstm": [4, 3],
            "dense": [{"units": 5, "activation": "gelu"}],
            "heads": [
                {"name": "wide", "units": 2, "label": "Wind", "loss": "huber"},
                {"name": "trend", "loss": "huber"},
            ],
        },
        "sequences": {"samples": 80},
        "training": {
            **{"epochs": 2, "batch": 16, "optimizer": "momentum", "learning_rate": 0.02, "seeds": 2},
            **{"combine": "own", "weights": [0.5, 3]},
        },
    }
)

#: Runs where there is no code of ours: opens the file, evaluates it on the validation sequences, and fits on.
OPENS = """
model = keras.saving.load_model({path!r}{custom})
rows = slice(TRAIN, TRAIN + VALIDATE)
targets = {targets}
held_out = pick(targets, rows)
print(repr(model.evaluate(x[rows], held_out, batch_size=VALIDATE, verbose=0, return_dict=True)["loss"]))
optimizer = model.optimizer
print(type(optimizer).__name__, float(optimizer.learning_rate), float(optimizer.momentum), int(optimizer.iterations))
history = model.fit(x[:TRAIN], pick(targets, slice(0, TRAIN)), batch_size=RIGHT_BATCH, epochs=1, verbose=0).history
print(np.isfinite(history["loss"][0]), int(model.optimizer.iterations) > 0)
"""


def saved(experiment, style, weights):
    return save_model(SaveModelJob(experiment=experiment, style=style, weights=weights), Context())


# A subclass is the one that needs its class.
@pytest.mark.parametrize(
    "key", ["subclassing", *(pytest.param(key, marks=pytest.mark.soak) for key in STYLES if key != "subclassing")]
)
def test_a_fresh_python_opens_the_file_evaluates_it_to_the_drawn_loss_and_fits_on(key, tmp_path):
    other = "functional_fused" if key == "functional" else "functional"
    experiment = EXPERIMENT.model_copy(update={"left": other, "right": key})
    run = train(TrainJob(experiment=experiment.unlabelled()), Context())
    last = [epoch for epoch in run.epochs if epoch.seed == experiment.training.seed][-1]
    path = tmp_path / "saved.keras"
    path.write_bytes(saved(experiment, key, run.weights["right"]))
    setup = "\n".join(section.code for section in sections(experiment)[:5])
    pick = sections(experiment)[5].code.split("def one_epoch")[0]
    custom = ""
    if key == "subclassing":
        setup += STYLES[key].write(experiment.architecture)  # its source defines the class
        custom = ', custom_objects={"MultiHead": MultiHead}'
    opens = OPENS.format(path=str(path), custom=custom, targets=targets(experiment.architecture, STYLES[key]))
    loss, optimizer, fits = fresh_python.printed(f"{setup}\n{pick}\n{opens}").splitlines()
    assert float(loss) == pytest.approx(last.right.val_total, rel=1e-5)
    assert optimizer.split()[0] == "SGD"
    assert [float(value) for value in optimizer.split()[1:]] == pytest.approx([0.02, 0.9, 0])
    assert fits == "True True"
