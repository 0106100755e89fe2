"""Evidence for the claims, one file each: `measure(experiment, context)` returns plain numbers and text."""
