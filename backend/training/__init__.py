"""A training run: its result, its job, its store, how long it takes, and what can be exported from it."""
