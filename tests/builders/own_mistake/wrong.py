"""An author's script that goes wrong: the heads are one layer."""

import keras
from keras import layers

inputs = keras.Input(shape=(4,))
model = keras.Model(inputs, layers.Dense(2)(inputs))
print(len(model.outputs))
answer = "one" if len(model.outputs) == 1 else "two"
