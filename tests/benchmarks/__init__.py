"""The benchmarks themselves, run small."""
