"""The paired trainer: trains two styles side by side on the same batches."""
