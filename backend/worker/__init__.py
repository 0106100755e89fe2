"""The only package that imports Keras and TensorFlow; what is in it runs inside worker processes."""
