"""The parts of the Rooms page: entrance and host. `components/phone` has the page of participants, and the board."""
