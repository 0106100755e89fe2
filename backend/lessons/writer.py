"""Writes a draft of a step for an author."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.lessons.lesson import Step
from backend.lessons.vocabulary import PageName

#: The texts of a draft, which its author replaces (`unwritten_sentences`).
_TITLE, _QUESTION = "Title of the step", "Write your question here."
_OPTIONS = ("The right answer", "A wrong answer", "Another wrong answer")


def draft(page: PageName, show: tuple[str, ...], experiment: Experiment, expect: str) -> str:
    """A step about an experiment, whose question and options its author has still to write.

    `show` are panels of the page, and `expect` is the test that the author begins with.
    """
    link = urlencode(write_query(experiment), doseq=True)
    right, *wrong = _OPTIONS
    options = "\n".join([f"- [x] {right}", *(f"- [ ] {text}" for text in wrong)])
    return f"""## {_TITLE} {{#my-step}}

```step
page: {page}
set: {json.dumps(link)}
show: [{", ".join(show)}]
run: {"shared" if page == "train" else "none"}
expect: {json.dumps(expect)}
```

{_QUESTION}

{options}
"""


def unwritten_sentences(step: Step) -> list[str]:
    """A sentence for each text of a draft that its author has still to replace."""
    texts = (step.title, step.text, *(option.text for option in step.options))
    return [f"Write your own text in place of “{text}”." for text in (_TITLE, _QUESTION, *_OPTIONS) if text in texts]
