"""A bucket of tokens, with which the server limits how often somebody may do something."""

from __future__ import annotations


class TokenBucket:
    """A bucket of at most `burst` tokens that gains `per_second`. It starts full; the caller passes the time."""

    def __init__(self, per_second: float, burst: float, now: float) -> None:
        self.per_second = per_second
        self.burst = burst
        self.tokens = burst
        self._at = now

    def take(self, now: float, tokens: float = 1.0) -> float:
        """Take tokens, and return the seconds until the bucket has had them: 0 while it has enough."""
        self._fill(now)
        self.tokens -= tokens
        return max(0.0, -self.tokens / self.per_second)

    def wait(self, now: float) -> float:
        """The seconds until the bucket has a token. Nothing is taken."""
        self._fill(now)
        return max(0.0, (1 - self.tokens) / self.per_second)

    def _fill(self, now: float) -> None:
        self.tokens = min(self.burst, self.tokens + (now - self._at) * self.per_second)
        self._at = now
