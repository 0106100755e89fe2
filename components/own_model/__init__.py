"""The parts of the page for a visitor's own model."""
