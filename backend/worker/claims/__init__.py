"""Evidence for the claims whose code is not what measures them: one file each, which says why.

`measure(experiment, context)` returns plain numbers and text. `backend.worker.script` measures all other claims.
"""
