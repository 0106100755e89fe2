"""What lessons add to the parts of the pages."""
