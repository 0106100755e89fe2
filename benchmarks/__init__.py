"""Benchmarks, load tests, and scripts that record what pages and documents show."""
