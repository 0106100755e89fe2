"""The only package that imports Keras and TensorFlow. It runs in worker processes."""
