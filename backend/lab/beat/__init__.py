"""Question 5: methods against tuned fixed weights. Its evidence, the comparison, the verdict and the script."""
