"""The multi-task lab: what each way of combining gradients does to the trunk, computed at once from a Gramian."""
