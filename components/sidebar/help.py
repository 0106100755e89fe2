"""The help of the settings of an experiment."""

from __future__ import annotations

from backend.experiment.optimizers import default_rates
from backend.experiment.presets import LESSONS
from backend.experiment.styles import STYLES
from components.help import Help, reader

_INPUT, _LSTM, _DENSE = "layers/core_layers/input/", "layers/recurrent_layers/lstm/", "layers/core_layers/dense/"
_ACTIVATIONS, _LAYER, _TRAINING = "layers/activations/", "layers/base_layer/", "models/model_training_apis/"

#: By the path of the setting in the experiment, with `*` for a position in a list; else by the key of the widget.
HELP: dict[str, Help] = {
    "preset": Help(
        "Loads all settings of a ready-made experiment.\n"
        + "\n".join(f"- **{name}**: {lesson}" for name, lesson in LESSONS.items())
    ),
    "reset": Help("Restores the whole experiment: the settings of the thread, and our defaults for the rest."),
    "architecture.timesteps": Help(
        "The length of each sequence. The LSTM reads one timestep after another.",
        "Input(shape=(timesteps, features))",
        _INPUT,
    ),
    "architecture.features": Help("How many numbers each timestep has.", "Input(shape=(timesteps, features))", _INPUT),
    "architecture.lstm.count": Help(
        "LSTM layers, one on top of the other. Each but the last passes on its output at every timestep.",
        "LSTM(return_sequences=True)",
        _LSTM,
    ),
    "architecture.lstm.*": Help("The size of the layer's state and of its output.", "LSTM(units)", _LSTM),
    "architecture.dense.count": Help(
        "Dense layers between the LSTM layers and the heads. All heads share them.", "Dense(units)", _DENSE
    ),
    "architecture.dense.*.units": Help(
        "The number of neurons in this layer. Each reads every unit of the layer before.", "Dense(units)", _DENSE
    ),
    "architecture.dense.*.activation": Help(
        "The function that each neuron applies to its weighted sum. Linear changes nothing.",
        "Dense(activation=…)",
        _ACTIVATIONS,
    ),
    "heads.count": Help(
        "The tasks that the model learns at once: one head for each. A head that you remove and add again comes back "
        "as it was, if it fits the input and its name is free.",
        "Model(outputs=[…])",
        "models/model/",
    ),
    "heads.chosen": Help("Press a head to edit its task, names, layers and loss. Press it again to close it."),
    "architecture.heads.*.task": Help(
        "What the head learns to predict. A new task brings its usual name, units, activation and loss, and removes "
        "hidden layers."
    ),
    "architecture.heads.*.name": Help(
        "The head's name in the source: a lowercase letter, then lowercase letters, digits or underscores.",
        "Dense(name=…)",
        _LAYER,
    ),
    "architecture.heads.*.label": Help(
        "A text that most menus and the charts on Train show in place of the name. It changes no result."
    ),
    "architecture.heads.*.units": Help("The number of output neurons of this head.", "Dense(units)", _DENSE),
    "architecture.heads.*.hidden.count": Help(
        "Dense layers of this head alone, before its output layer.", "Dense(units, activation='relu')", _DENSE
    ),
    "architecture.heads.*.hidden.*": Help(
        "The neurons of this hidden layer. Its activation is ReLU.", "Dense(units, activation='relu')", _DENSE
    ),
    "architecture.heads.*.activation": Help(
        "The function of the output layer. The task decides which ones fit.", "Dense(activation=…)", _ACTIVATIONS
    ),
    "architecture.heads.*.loss": Help(
        "The number that says how far predictions are from targets. Training tries to make it smaller.",
        "compile(loss=…)",
        "losses/",
    ),
    "data": Help(
        "Where the sequences come from. Other data have other tasks, so the heads change with them. Your heads come "
        "back when you go back."
    ),
    "data.columns": Help("The columns that the network reads. Columns of more than two words cannot be read."),
    "data.targets": Help(
        "What the network predicts, with a head for each target. A column with few different words or whole numbers "
        "can be predicted as yes or no, or as classes."
    ),
    "data.gaps": Help(
        "Opens the file. No sequence then has a gap between its first row and the row that it predicts, so the network "
        "never reads two rows as neighbours that are none."
    ),
    "architecture.own.horizon": Help("How many rows after the end of a sequence the heads predict. 1 is the next row."),
    "data.another": Help("Opens another CSV file in place of this one. This one stays on the server."),
    "data.keep": Help("Goes back to the file that is open."),
    "data.delete": Help(
        "Deletes the data and your runs on them. If nobody else has opened the same file, its link stops working, and "
        "runs of visitors who followed the link are deleted, too."
    ),
    "sequences.samples": Help(
        "The number of sequences in the experiment, for training and validation together.",
        "fit(x=…, y=…)",
        _TRAINING,
    ),
    "sequences.seed": Help(
        "The random numbers behind sequences and targets. With the same settings, the same seed gives the same data."
    ),
    "sequences.relatedness": Help(
        "How much the two tasks of the related pair have in common: 1 everything, 0 nothing, −1 opposite directions."
    ),
    "sequences.noise": Help(
        "For numbers: the random error in the targets, in standard deviations. For yes or no and classes: the share "
        "of labels that another one replaces, at most half."
    ),
    "sequences.scale": Help("The factor that this head's targets are multiplied by.", "fit(y=…)", _TRAINING),
    "training.optimizer": Help(
        "The rule that turns gradients into changes of the weights.", "compile(optimizer=…)", "optimizers/"
    ),
    "training.learning_rate": Help(
        f"The factor by which the optimizer scales each step. If it is too large, the loss grows. {default_rates()}",
        "Optimizer(learning_rate=…)",
        "optimizers/",
    ),
    "training.epochs": Help("How often training uses all training sequences.", "fit(epochs=…)", _TRAINING),
    "training.batch": Help(
        "The number of sequences in one step. The loss of a step is the average over them.",
        "fit(batch_size=…)",
        _TRAINING,
    ),
    "training.validation": Help(
        "The share of the sequences that no step trains on. They measure the validation loss.",
        "fit(validation_data=…)",
        _TRAINING,
    ),
    "training.combine": Help(
        "How a model with several losses makes one step of them: by a weighted total, as Keras does, or by a "
        "method from the multi-task literature.",
        "compile(loss_weights=…)",
        _TRAINING,
    ),
    "training.weights": Help("The factor of this head's loss in the total.", "compile(loss_weights=…)", _TRAINING),
    "training.same_start": Help(
        "On: the right model gets the initial weights of the left one. Off: Keras draws them for each style.",
        "layer.set_weights(…)",
        _LAYER,
    ),
    "training.same_start.compared": Help(
        "It is always on while two settings are compared: both sides start from the same weights, so that only the "
        "setting differs."
    ),
    "training.seed": Help(
        "Decides the initial weights and the order of the batches.",
        "utils.set_random_seed(seed)",
        "utils/python_utils/",
    ),
    "training.seeds": Help(
        "How many seeds a training has: seed, seed + 1, seed + 2 … The charts on Train show how results vary."
    ),
}

_RIGHT = "Its value on the right side. The left side has that of your settings."
HELP |= {
    f"versus.{name}": Help(_RIGHT, HELP[f"training.{name}"].argument, HELP[f"training.{name}"].page)
    for name in ("optimizer", "learning_rate", "batch", "combine")
} | {"versus.dense": Help(_RIGHT, "Dense(activation=…)", _ACTIVATIONS)}
_STYLES = Help(
    "How the model is written in Keras:\n\n"
    + "\n".join(f"- **{style.title}**: {style.description}" for style in STYLES.values())
    + "\n\nKeras explains them in its guides on [Sequential](https://keras.io/guides/sequential_model/), "
    "[Functional](https://keras.io/guides/functional_api/) and "
    "[subclassing](https://keras.io/guides/making_new_layers_and_models_via_subclassing/)."
)
HELP |= {"left": _STYLES, "right": _STYLES}

text = reader(HELP)
