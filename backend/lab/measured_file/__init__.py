"""The file that `two_heads.GradientConflict` saves: its reader, and what follows from it."""
