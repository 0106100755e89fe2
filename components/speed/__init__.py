"""The parts of the Speed page."""
