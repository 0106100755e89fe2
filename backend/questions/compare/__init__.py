"""The page Compare: whether two styles are the same network, and which to choose."""
