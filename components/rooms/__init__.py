"""The parts of the Rooms page: entrance, host and board. `components/phone` has the page of participants."""
