"""A method that combines head losses, as plain Keras: its functions, and a model with a `train_step` that uses them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from backend.experiment.architecture import Architecture
from backend.scripts.source import source_of
from two_heads.weightings import Aggregator, Scalarizer, Weighting
from two_heads.weightings.trunk import FUNCTIONS

IMPORTS = "import tensorflow as tf\nfrom keras import ops"


def methods_source(architecture: Architecture, methods: Mapping[str, Weighting]) -> str:
    """The functions of all `methods`, each once, and a class for each, named by its key: a model that it trains."""
    functions = dict.fromkeys(each for method in methods.values() for each in method.functions())
    if any(isinstance(method, Aggregator) or "gramian" in method.needs for method in methods.values()):
        functions |= dict.fromkeys(FUNCTIONS)
    heads = architecture.heads
    lists = f"HEADS = {_names(head.name for head in heads)}\nLOSSES = {_names(head.loss for head in heads)}"
    classes = [
        (_aggregated(method, name) if isinstance(method, Aggregator) else _scalarized(method, name)).strip()
        for name, method in methods.items()
    ]
    return "\n\n\n".join([source_of(functions).strip(), lists, *classes]) + "\n"


def section_title(method: Weighting) -> str:
    """The title of the section on a method: its name and paper."""
    paper = f" ({method.paper.title}, {method.paper.year}, {method.paper.url})" if method.paper else ""
    return f"Combine the head losses by {method.title}{paper}"


_CLASS = '''
class {name}(keras.Model):
    """A model whose head losses are combined by {title}. The `loss` that it reports is their sum."""

    def __init__(self, model, seed):
        super().__init__()
        self.model = model
        self.noise = keras.random.SeedGenerator(seed)
        self.means = [keras.metrics.Mean(name=f"mean_{{name}}") for name in HEADS]
{start}
    def call(self, x, training=None):
        return self.model(x, training=training)

    def head_losses(self, x, y):
        """The mean loss of each head on a batch."""
        outputs = self.model(x, training=True)
        if isinstance(outputs, dict):
            outputs, y = [outputs[name] for name in HEADS], [y[name] for name in HEADS]
        return [ops.mean(keras.losses.get(name)(*pair)) for name, *pair in zip(LOSSES, y, outputs)]

    def report(self, x, losses):
        """The sum of the head losses, averaged over the epoch so far."""
        for mean, loss in zip(self.means, losses):
            mean.update_state(loss, sample_weight=ops.shape(x)[0])
        return {{"loss": sum(mean.result() for mean in self.means)}}
'''

_EPOCH = """        # The mean losses of the epoch so far. The validation resets `means`.
        self.epoch = keras.Variable(ops.zeros((len(HEADS),)), dtype="float32", trainable=False, name="epoch")
"""

_START = """        # What the method keeps from step to step. The optimizer trains those with a gradient.
        self.state = {{
            name: keras.Variable(value, dtype="float32", trainable=name in {trained}, name=name)
            for name, value in {initial}(len(HEADS)).items()
        }}

    def values(self):
        return {{name: variable.value for name, variable in self.state.items()}}

    def keep(self, state):
        for name, value in state.items():
            self.state[name].assign(ops.cast(value, "float32"))
"""

_GRADIENTS = '''
    def gradients(self, x, y):
        """The losses of a batch, and the gradients of each by the weights of the model."""
        with tf.GradientTape(persistent=True) as tape:
            losses = self.head_losses(x, y)
        return losses, [tape.gradient(loss, self.model.trainable_variables) for loss in losses]
'''

_LAST_LAYER = """        _, of_heads = self.gradients(x, y)
        shared, variables = trunk(of_heads), self.model.trainable_variables
        layer = next(layer for layer in self.model.layers if any(v is variables[shared[-1]] for v in layer.weights))
        gramian = gramian_of(of_heads, [i for i in shared if any(v is variables[i] for v in layer.weights)])
"""


def _aggregated(method: Aggregator, name: str) -> str:
    order = ""
    if method.takes_order:
        order = ", order=ops.argsort(keras.random.uniform((len(HEADS), len(HEADS)), seed=self.noise), axis=-1)"
    return f"""{_CLASS.format(name=name, title=method.title, start="")}{_GRADIENTS}
    def train_step(self, data):
        x, y = data
        losses, gradients = self.gradients(x, y)
        shared = trunk(gradients)
        weights = {method.function.__name__}(gramian_of(gradients, shared){order})
        gradients = aggregated(gradients, shared, ops.cast(weights, "float32"))
        self.optimizer.apply(gradients, self.model.trainable_variables)
        return self.report(x, losses)
"""


def _scalarized(method: Scalarizer, name: str) -> str:
    kept = method.initial(1)
    trained = _names(method.gradients(np.ones(1), kept) if method.gradients else [])
    start = _START.format(trained=trained, initial=method.initial.__name__) if kept else ""
    if method.after_epoch:
        start = f"{_EPOCH}{start}"
    text = _CLASS.format(name=name, title=method.title, start=start)
    if method.after_epoch:
        text += f"""
    def end_epoch(self):
        self.keep({method.after_epoch.__name__}(self.values(), self.epoch.value))
"""
    if "gramian" in method.needs:
        text += _GRADIENTS
    text += "\n    def train_step(self, data):\n        x, y = data\n"
    if method.before_step:
        noise = "keras.random.normal((len(HEADS),), seed=self.noise)"
        text += f"        self.keep({method.before_step.__name__}(self.values(), {noise}))\n"
    if "gramian" in method.needs:
        text += _LAST_LAYER
    text += f"""        state = {"self.values()" if kept else "{}"}
        with tf.GradientTape() as tape:
            losses = self.head_losses(x, y)
            heads = ops.stack(losses)
            weights = ops.stop_gradient({method.weights.__name__}(heads, state))
            combined = ops.sum(ops.cast(weights, "float32") * heads)
        variables = self.model.trainable_variables
        gradients = tape.gradient(combined, variables)
"""
    if method.gradients:
        text += f"""        own = {method.gradients.__name__}(heads, state)
        gradients += [ops.cast(own[name], "float32") for name in {trained}]
        variables = variables + [self.state[name] for name in {trained}]
"""
    if method.gradients:
        text += """        # Otherwise, on a busy machine, the update of `state` may overtake the reading of its values.
        with tf.control_dependencies([combined]):
            self.optimizer.apply(gradients, variables)
"""
    else:
        text += "        self.optimizer.apply(gradients, variables)\n"
    if method.after_step:
        after = "ops.stack(self.head_losses(x, y))" if "losses_after" in method.needs else "None"
        gramian = "gramian" if "gramian" in method.needs else "None"
        text += f"        self.keep({method.after_step.__name__}(self.values(), heads, {after}, {gramian}))\n"
    text += "        logs = self.report(x, losses)\n"
    if method.after_epoch:
        text += "        self.epoch.assign(ops.stack([mean.result() for mean in self.means]))\n"
    return text + "        return logs\n"


def _names(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
