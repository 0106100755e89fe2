"""A visitor's own CSV file: it is read, stored for some days, and searched for traps. Each fault has a sentence."""
