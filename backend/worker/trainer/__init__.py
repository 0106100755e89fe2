"""The paired trainer: two styles trained side by side on the same batches."""
