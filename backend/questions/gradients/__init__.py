"""The gradients of a visitor's own heads, measured at some epochs of their training."""
