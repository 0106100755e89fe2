"""The introduction on the first page: a vote on the drawing, and what follows from it in place."""
