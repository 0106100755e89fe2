"""The parts of the Rooms page: entrance, participant, host and board."""
