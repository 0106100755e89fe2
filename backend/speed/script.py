"""A script that times the models of a sweep in turns, as its worker does, in Keras and NumPy."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.experiment.styles.base import IMPORTS, function
from backend.speed.sweep import COMPARED, CONTROL, MODES, Sweep, with_heads

#: The order in which a script builds the styles: numerator, denominator, control.
_ORDER = (*COMPARED, CONTROL[0])

#: Times models in turns, in any script: the first is compared with the second, whose control may be a third.
COMPARE = '''\
def compare(steps):
    """The time of the first step divided by that of the second, and the ends of its interval."""
    for step in steps * 3:  # the first call of each traces its graph
        step()
    rounds = []
    for turn in range(31):
        seconds = [0.0] * len(steps)
        for i in range(len(steps)):  # each round begins with another model
            which = (turn + i) % len(steps)
            steps[which]()
            seconds[which] = steps[which]()
        rounds.append(seconds)
    several, one, *control = np.transpose(rounds)
    # The 8th and the 24th of 31 enclose the true median in 99% of cases. The control is the second network once more.
    ends = [np.sort(several / other)[[7, 23]] for other in (one, *control)]
    return np.median(several / one), np.min(ends), np.max(ends)
'''

_TIMING = '''\
def stepper(model, k, arguments):
    """Seconds of a train step, as `fit` runs it, whenever it is called."""
    one = len(model.outputs) == 1
    model.compile(optimizer={optimizer}, loss="mse" if one else ["mse"] * k, **arguments)
    draws = np.random.default_rng(0)
    x = draws.normal(size=({samples}, *model.input_shape[1:])).astype("float32")
    y = draws.normal(size=({samples}, k)).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((x, y if one else tuple(np.split(y, k, axis=1))))
    batches = iter(data.batch({batch}).repeat())
    model.make_train_function()

    def step():
        start = perf_counter()
        model.train_function(batches)
        return (perf_counter() - start) / arguments.get("steps_per_execution", 1)

    return step


for title, arguments, k, models in POINTS:
    ratio, low, high = compare([stepper(build(), k, arguments) for build in models])
    print(f"{{title}}, heads = {{k}}: Functional / fused {{ratio:.2f}}, interval {{low:.2f}} to {{high:.2f}}")
'''


def write(experiment: Experiment, sweep: Sweep) -> str:
    """The script of a sweep on the trunk, optimizer and batch size of the experiment."""
    styles = [style for style in _ORDER if style in sweep.styles]
    points = sweep.points()
    models = [
        function(f"{style}_{k}", STYLES[style].write(with_heads(experiment.architecture, k)))
        for k in dict.fromkeys(k for _, k in points)
        for style in styles
    ]
    listed = [
        f"    ({MODES[mode].title!r}, {dict(MODES[mode].arguments)!r}, {k}, "
        f"[{', '.join(f'{style}_{k}' for style in styles)}]),\n"
        for mode, k in points
    ]
    batch = experiment.training.batch
    timing = _TIMING.format(
        optimizer=OPTIMIZERS[experiment.training.optimizer].source(0.001), batch=batch, samples=8 * batch
    )
    imports = f"from time import perf_counter\n\n{IMPORTS}import numpy as np\nimport tensorflow as tf\n"
    return "\n\n".join([imports, *models, f"POINTS = [\n{''.join(listed)}]\n", COMPARE, timing])
