"""What a network is by arithmetic alone (parameters, neurons, edges), and what Keras reports of it."""
