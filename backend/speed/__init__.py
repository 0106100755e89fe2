"""The sweep over numbers of heads: what is timed, and what the timings show."""
