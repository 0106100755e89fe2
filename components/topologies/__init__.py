"""The parts of the Topologies page."""
