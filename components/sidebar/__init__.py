"""The settings in the sidebar; each widget is a view of the experiment, and has help."""

from components.sidebar import architecture, first, heads, presets, sequences, style, training
from components.sidebar.sections import fold, section

__all__ = ["architecture", "first", "fold", "heads", "presets", "section", "sequences", "style", "training"]
