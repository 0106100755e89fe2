"""What is computed from measured values: intervals, verdicts, and scores of predictions."""
