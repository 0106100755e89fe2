"""The settings in the sidebar; each widget is a view of the experiment, and has help."""

from components.sidebar import architecture, presets, sequences, style, training
from components.sidebar.sections import section

__all__ = ["architecture", "presets", "section", "sequences", "style", "training"]
