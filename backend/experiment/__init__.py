"""The experiment: everything that decides a result."""

from backend.experiment.experiment import Experiment

__all__ = ["Experiment"]
