"""Question 1 as a script: plain Keras, with the text of the methods and of the data."""

from __future__ import annotations

import inspect

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.lab.problems import kendall_toy as toy
from backend.lab.questions.own_data import data_source, network_source
from backend.lab.questions.scale.evidence import FACTOR, TITLES, Settings, scaled
from backend.training.export.method import method_source
from backend.weightings import METHODS

#: Kendall's network as Keras source. A worker executes it, too.
TOY = """import keras
from keras import layers

inputs = keras.Input(shape=(1,))
x = layers.Dense(1024, activation="relu")(inputs)
a = layers.Dense(1, name="a")(x)
b = layers.Dense(1, name="b")(x)
model = keras.Model(inputs=inputs, outputs=[a, b])
"""
_TOY_HEADS = Experiment(architecture=Architecture(heads=(Head(name="a"), Head(name="b"))))


def code(settings: Settings) -> str:
    """The script: for each way of training, the median loss of each head relative to its loss alone, and UW's σ."""
    own = settings.problem == "own"
    experiment = settings.experiment if own else _TOY_HEADS
    network = STYLES["functional"].write(experiment.architecture) if own else TOY
    arms = [f'    "{arm}": "{TITLES[arm]}",\n' for arm in settings.arms[1:]]
    parts = [
        '"""Is one head drowned by scale? Each head\'s loss at the end, relative to what it reaches alone."""',
        "from __future__ import annotations\n\nimport keras\nimport numpy as np\nimport tensorflow as tf\n"
        "from keras import layers, ops",
        (_own_data if own else _toy_data)(settings),
        network_source(network),
        *_methods(experiment),
        f"SEEDS, EPOCHS, BATCH, RATE = {settings.seeds}, {settings.epochs}, {_batch(settings)}, {settings.rate!r}\n"
        f"FIRST = {settings.experiment.training.seed if own else 0}  # the first seed\n"
        f"ARMS = {{\n{''.join(arms)}}}\n\n\n"
        f"def optimizer():\n    return {OPTIMIZERS[settings.optimizer].source('RATE')}",
        _TRAINING.strip(),
    ]
    return "\n\n\n".join(part.strip() for part in parts) + "\n"


def _batch(settings: Settings) -> int:
    return settings.experiment.training.batch if settings.problem == "own" else toy.BATCH


def _toy_data(settings: Settings) -> str:
    functions = "\n\n".join(inspect.getsource(each) for each in (toy.kendall_lines, toy.kendall_toy))
    return f"""
#: Slope and intercept of each head's line, and the standard deviation of its noise.
LINES = {toy.LINES!r}
POINTS = {toy.POINTS}


{functions}

def data(arm, number):
    \"\"\"Inputs, and a list of each head's targets.\"\"\"
    x, y = kendall_toy(number)
    return x.astype("float32"), [y[:, :1].astype("float32"), y[:, 1:].astype("float32")]
"""


def _own_data(settings: Settings) -> str:
    experiment, large = scaled(settings, 1.0), settings.large
    first = f'factor = 1.0 if arm == "unscaled" else {FACTOR!r}\n'
    return data_source(experiment, "arm, number", first, factors={} if large is None else {large: "factor"})


def _methods(experiment: Experiment) -> list[str]:
    """The classes `UW` and `GradNorm`, each with the functions of its method; the names of the heads once."""
    uw, gradnorm = (
        method_source(experiment, METHODS[key]).replace("class Combined", f"class {name}")
        for key, name in (("uw", "UW"), ("gradnorm", "GradNorm"))
    )
    names = uw[uw.index("HEADS = ") : uw.index("class UW")].strip()
    return [names, uw.replace(names, ""), gradnorm.replace(names, "")]


_TRAINING = '''
class Trainer:
    """One network, compiled once. It is trained again and again, each time from the weights of another seed."""

    def __init__(self, method=None):
        self.network = network(0)
        self.weights = [keras.Variable(1.0, trainable=False) for _ in HEADS]
        self.model = method(self.network, 0) if method else self.network
        if method:
            self.model.compile(optimizer=optimizer(), jit_compile=False)
        else:
            options = {"loss": LOSSES, "loss_weights": self.weights}
            self.model.compile(optimizer=optimizer(), jit_compile=False, **options)

    def losses(self, arm, number, only=None):
        """Train with this seed; return the losses of all heads. `only` is the head whose loss counts."""
        self.network.set_weights(network(FIRST + number).get_weights())
        for variable in self.model.optimizer.variables:
            variable.assign(ops.zeros_like(variable))
        self.model.optimizer.learning_rate = RATE
        if arm in ("uw", "gradnorm"):
            self.model.keep({"uw": uw_initial, "gradnorm": gradnorm_initial}[arm](len(HEADS)))
        for head, weight in enumerate(self.weights):
            weight.assign(1.0 if only in (None, head) else 0.0)
        x, y = data(arm, number)
        draws = np.random.default_rng(FIRST + number)

        def batches():
            for _ in range(EPOCHS):
                order = draws.permutation(len(x))
                for start in range(0, len(x), BATCH):
                    rows = order[start : start + BATCH]
                    yield x[rows], tuple(targets[rows] for targets in y)

        self.model.fit(batches(), steps_per_epoch=EPOCHS * -(-len(x) // BATCH), verbose=0)
        outputs = self.network(x)
        pairs = zip(LOSSES, y, outputs)
        return [float(ops.mean(keras.losses.get(name)(truth, output))) for name, truth, output in pairs]


weighted, trainers = Trainer(), {"uw": Trainer(UW), "gradnorm": Trainer(GradNorm)}
alone = np.array([
    [weighted.losses("alone", number, head)[head] for head in range(len(HEADS))] for number in range(SEEDS)
])
print("alone:", *(f"{name} {loss:.5g}" for name, loss in zip(HEADS, np.median(alone, axis=0))))
for arm, title in ARMS.items():
    trainer, found, sigmas = trainers.get(arm, weighted), [], []
    for number in range(SEEDS):
        found.append(trainer.losses(arm, number))
        if arm == "uw":
            sigmas.append(np.exp(trainer.model.values()["log_variances"] / 2))
    ratios = np.median(np.array(found) / alone, axis=0)
    print(f"{title} ÷ alone:", *(f"{name} {ratio:.5g}" for name, ratio in zip(HEADS, ratios)))
    if sigmas:
        print("σ of UW:", *(f"{name} {sigma:.5g}" for name, sigma in zip(HEADS, np.median(sigmas, axis=0))))
'''
