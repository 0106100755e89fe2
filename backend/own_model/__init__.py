"""A visitor's own Keras model, from its configuration: read without Keras, measured, and written as source."""
