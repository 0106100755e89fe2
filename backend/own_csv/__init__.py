"""A CSV file of a visitor's own: read with a sentence for each fault, stored for some days, and what it lacks."""
