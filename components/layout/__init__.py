"""What surrounds every page: notices, footer, theme, safe text, and errors."""
