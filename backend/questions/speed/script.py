"""A script that times the models of a sweep in turns, as its worker does, in Keras and NumPy."""

from __future__ import annotations

from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.experiment.styles.base import IMPORTS, function
from backend.questions.speed.in_turns import compare, timed
from backend.questions.speed.sweep import COMPARED, CONTROL, MODES, SweepSettings, with_heads
from backend.scripts.source import source_of

#: The order in which a script builds the styles: numerator, denominator, control.
_ORDER = (*COMPARED, CONTROL[0])

_TIMING = '''\
def stepper(model, k, arguments):
    """A function that takes a train step of the compiled model."""
    one = len(model.outputs) == 1
    model.compile(optimizer={optimizer}, loss="mse" if one else ["mse"] * k, **arguments)
    draws = np.random.default_rng(0)
    x = draws.normal(size=({samples}, *model.input_shape[1:])).astype("float32")
    y = draws.normal(size=({samples}, k)).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((x, y if one else tuple(np.split(y, k, axis=1))))
    return timed(model, iter(data.batch({batch}).repeat()), arguments.get("steps_per_execution", 1))


for title, arguments, k, models in POINTS:
    ratio, low, high = compare([stepper(build(), k, arguments) for build in models])
    print(f"{{title}}, heads = {{k}}: one per head / one for all {{ratio:.2f}}, interval {{low:.2f}} to {{high:.2f}}")
'''


def write(settings: SweepSettings) -> str:
    """The script of a sweep."""
    experiment, points = settings.experiment, settings.sweep.points()
    models = [
        function(f"{style}_{k}", STYLES[style].write(with_heads(experiment.architecture, k)))
        for k in dict.fromkeys(k for _, k in points)
        for style in _ORDER
    ]
    listed = [
        f"    ({MODES[mode].title!r}, {dict(MODES[mode].arguments)!r}, {k}, "
        f"[{', '.join(f'{style}_{k}' for style in _ORDER)}]),\n"
        for mode, k in points
    ]
    batch = experiment.training.batch
    timing = _TIMING.format(
        optimizer=OPTIMIZERS[experiment.training.optimizer].source(0.001), batch=batch, samples=8 * batch
    )
    imports = f"from time import perf_counter\n\n{IMPORTS}import numpy as np\nimport tensorflow as tf\n"
    return "\n\n".join([imports, *models, f"POINTS = [\n{''.join(listed)}]\n", source_of([timed, compare]), timing])
