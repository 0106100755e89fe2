"""What guides a visitor: the words that pages explain, and the next step that each page offers."""
