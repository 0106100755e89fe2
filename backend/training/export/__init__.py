"""The files that a visitor can download: script, notebook, curves as CSV, and the names of all files."""

from backend.training.export.curves import curves_csv
from backend.training.export.notebook import notebook
from backend.training.export.script import script

__all__ = ["curves_csv", "notebook", "script"]
