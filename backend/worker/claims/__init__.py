"""Measurements of the claims whose shown code is not executed: one file each, which says why.

`measure(experiment, context)` returns the claim's evidence. `backend.worker.script` measures all other claims.
"""
