"""The two styles of an experiment compared by arithmetic."""
