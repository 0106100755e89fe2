"""What several measurements start from."""

import keras

from backend.worker.build import build
from backend.worker.claims.common import float64


def test_float64_ends_where_it_says():
    source = "import keras\nmodel = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])"
    with float64():
        assert build(source).get_weights()[0].dtype == "float64"
    assert build(source).get_weights()[0].dtype == "float32"
    assert keras.config.floatx() == "float32"
