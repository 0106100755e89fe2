"""What surrounds every page: notices, footer and errors."""
