"""Drives the whole app from outside, for the tests and the benchmarks: its server process, and a tab without a browser.

Tests and benchmarks import this package. It imports neither of them, and the app imports none of the three.
"""
