"""Ways in which two heads can share a network, as Keras source, and the pair of tasks that they learn."""
