"""The outputs of models in different styles, in one form."""

import numpy as np


def by_head(outputs, architecture, style):
    """A model's outputs by head, (n, units) each, whichever layout the style returns them in."""
    names = [head.name for head in architecture.heads]
    if style.outputs == "dict":
        return {name: np.asarray(outputs[name]) for name in names}
    if style.one_output(architecture):
        ends = np.cumsum([head.units for head in architecture.heads])[:-1]
        outputs = np.split(np.asarray(outputs), ends, axis=1)
    return dict(zip(names, map(np.asarray, outputs), strict=True))
