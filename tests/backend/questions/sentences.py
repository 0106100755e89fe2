"""What holds for the sentence of every verdict."""

import re

from backend.lessons.findings import sentences

#: The most words of a verdict.
MOST = 25


def is_one_sentence(finding: str) -> bool:
    """Whether a finding is one sentence of at most that many words."""
    words = [word for word in finding.split() if re.search(r"\w", word)]
    return len(words) <= MOST and len(sentences(finding)) == 1
