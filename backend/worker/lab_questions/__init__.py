"""Measurements of the questions of the lab that need Keras: one file each, named after the question's key.

`measure(settings, progress)` returns the question's evidence. `backend.worker.lab` runs all questions.
"""
