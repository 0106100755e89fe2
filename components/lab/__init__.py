"""The parts of the Lab."""
