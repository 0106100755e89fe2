"""All verdicts as one Markdown document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.questions.base import mark
from backend.questions.claims import CLAIMS
from backend.questions.claims.base import Claim, Verdict, badge, judged, number_columns

THREAD = "https://stackoverflow.com/questions/58092176"


def report(
    experiment: Experiment, verdicts: Mapping[str, Verdict], predictions: Mapping[str, str] | None = None
) -> str:
    """A summary table, then each claim with its finding, reason, evidence and code.

    `predictions` holds what the visitor predicted, by claim. A label that a visitor wrote appears only in links,
    percent-encoded.
    """
    predicted = predictions or {}
    query = write_query(experiment.unlabelled())
    parts = [
        "# The claims of the thread, tested",
        f"Claims from [a Stack Overflow question and its answers]({THREAD}), tested on one architecture.",
        f"Settings: `?{urlencode(query, doseq=True)}`" if query else "Settings: the thread's own network.",
        _table([_row(CLAIMS[key], verdict, predicted.get(key)) for key, verdict in verdicts.items()]),
    ]
    parts += [_section(CLAIMS[key], verdict, experiment) for key, verdict in verdicts.items()]
    return "\n\n".join(parts) + "\n"


def _row(claim: Claim[Any], verdict: Verdict, predicted: str | None) -> dict[str, str]:
    prediction = f"{predicted} ({mark(verdict, predicted)})" if predicted else ""
    return {
        "question": f"{claim.number}. {claim.title}",
        "answer": badge(claim, verdict),
        "predicted": prediction,
    }


def _section(claim: Claim[Any], verdict: Verdict, experiment: Experiment) -> str:
    answer = badge(claim, verdict)
    parts = [
        f"## {claim.number}. {claim.title}",
        f"**{answer[0].upper()}{answer[1:]}.** {verdict.finding_after_badge}",
        f"{claim.source[0].upper()}{claim.source[1:]} says: {claim.statement}",
    ]
    if verdict.kind != "not applicable":
        parts.append(judged(claim, verdict, experiment))
    if verdict.table:
        parts.append(_table(verdict.table))
    if verdict.why:
        parts.append(verdict.why)
    if verdict.kind != "not applicable":
        parts.append(f"```python\n{(verdict.code or claim.code(experiment)).strip()}\n```")
    return "\n\n".join(parts)


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    keys, numbers = list(rows[0]), number_columns(rows)
    rule = ["---:" if key in numbers else "---" for key in keys]
    lines = [keys, rule, *([str(row[key]).replace("|", "\\|") for key in keys] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
