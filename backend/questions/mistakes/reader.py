"""Reads a mistake, one Markdown file: its title, question, options, both scripts as a diff, and the reason.

---
title: …
source: "…"                      what causes it in Keras, for whoever maintains the file
---
The question.
- [x] an option                  ticked if Keras 3.15 gives it
- [ ] another {misconception: …}
```diff                          both scripts: “-” begins a line of the broken one, “+” one of the mended one
### Symptom, ### Why, ### Remedy
### Answer, with a block ```python, which sets `answer` to the option that a script shows
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from backend.questions.mistakes.base import Mistake

#: The groups have the names of a mistake's fields.
_FILE = re.compile(
    r"---\ntitle: (?P<title>[^\n]+)\n.*?\n---\n\s*(?P<question>.+?)\n\n(?P<options>- \[.+?)\n\n"
    r"```diff\n(?P<diff>.+?)```\s+### Symptom\s+(?P<symptom>.+?)\s+### Why\s+(?P<why>.+?)\s+"
    r"### Remedy\s+(?P<remedy>.+?)\s+### Answer\s+```python\n(?P<reading>.+?)```\s*",
    re.DOTALL,
)
_OPTION = re.compile(r"- \[(.)\] (.+?)(?: \{misconception: (\S+)\})?")


def read(path: Path) -> Mistake:
    """The mistake of a file. Raises ValueError if it is not written as the others are."""
    found = _FILE.fullmatch(path.read_text(encoding="utf-8"))
    options = [_OPTION.fullmatch(line) for line in found["options"].splitlines()] if found else [None]
    if found is None or not all(options):
        raise ValueError(f"{path.name} has not the parts of a mistake, or not in their order")
    scripts = found["diff"].splitlines()
    fields: dict[str, Any] = found.groupdict()
    del fields["diff"]
    boxes, texts, misconceptions = zip(*(option.groups("") for option in options if option), strict=True)
    return Mistake(
        **fields | {
            "key": path.stem,
            "question": " ".join(found["question"].split()),
            "options": texts,
            "misconceptions": misconceptions,
            "ticked": texts[boxes.index("x")],
            "broken": _side(scripts, "+"),
            "mended": _side(scripts, "-"),
        }
    )  # fmt: skip


def _side(diff: list[str], other: str) -> str:
    """One of two scripts: all lines but those of the `other`, without their first column."""
    return "".join(f"{line[1:]}\n" for line in diff if not line.startswith(other))
