"""All verdicts as one Markdown document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.questions.base import mark
from backend.questions.claims import CLAIMS
from backend.questions.claims.base import ClaimVerdict, badge, judged, number_columns

THREAD = "https://stackoverflow.com/questions/58092176"


def report(
    experiment: Experiment, verdicts: Mapping[str, ClaimVerdict], predictions: Mapping[str, str] | None = None
) -> str:
    """Each claim with its answer, finding, reason, evidence and code.

    `predictions` holds what the visitor predicted, by claim. A label that a visitor wrote appears only in the link,
    percent-encoded.
    """
    query = write_query(experiment.unlabelled())
    parts = [
        "# The claims of the thread, tested",
        f"Claims from [a Stack Overflow question and its answers]({THREAD}), tested on one architecture.",
        f"Settings: `?{urlencode(query, doseq=True)}`" if query else "Settings: the thread's own network.",
    ]
    for key, verdict in verdicts.items():
        claim, predicted = CLAIMS[key], (predictions or {}).get(key)
        answer = badge(claim, verdict)
        parts += [
            f"## {claim.number}. {claim.title}",
            f"**{answer[0].upper()}{answer[1:]}.** {verdict.finding_after_badge}",
            f"Predicted: {predicted} ({mark(verdict, predicted)})." if predicted else "",
            judged(claim, verdict),
            _table(verdict.table) if verdict.table else "",
            verdict.why,
        ]
        if verdict.kind != "not applicable":
            parts.append(f"```python\n{(verdict.code or claim.code(experiment)).strip()}\n```")
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    keys, numbers = list(rows[0]), number_columns(rows)
    rule = ["---:" if key in numbers else "---" for key in keys]
    lines = [keys, rule, *([str(row[key]).replace("|", "\\|") for key in keys] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
