"""The corrected script: each head is a layer."""

import keras
from keras import layers

inputs = keras.Input(shape=(4,))
model = keras.Model(inputs, [layers.Dense(1)(inputs), layers.Dense(1)(inputs)])
print(len(model.outputs))
answer = "one" if len(model.outputs) == 1 else "two"
