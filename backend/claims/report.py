"""All verdicts as one Markdown document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from backend.claims import CLAIMS
from backend.claims.base import Claim, Verdict, number_columns
from backend.experiment import Experiment
from backend.experiment.url import write_query

THREAD = "https://stackoverflow.com/questions/58092176"


def report(experiment: Experiment, verdicts: Mapping[str, Verdict]) -> str:
    """A summary table, then each claim with its finding, reason, evidence and code.

    A label that a visitor wrote appears only in links, percent-encoded.
    """
    query = write_query(experiment.unlabelled())
    parts = [
        "# The claims of the thread, tested",
        f"Claims from [a Stack Overflow question and its answers]({THREAD}), tested on one architecture.",
        f"Settings: `?{urlencode(query, doseq=True)}`" if query else "Settings: the thread's own network.",
        _table(
            [{"claim": f"{CLAIMS[key].number}. {CLAIMS[key].title}", "verdict": v.kind} for key, v in verdicts.items()]
        ),
    ]
    parts += [_section(CLAIMS[key], found, experiment) for key, found in verdicts.items()]
    return "\n\n".join(parts) + "\n"


def _section(claim: Claim[Any], found: Verdict, experiment: Experiment) -> str:
    parts = [
        f"## {claim.number}. {claim.title}: {found.kind}",
        f"*{claim.source[0].upper()}{claim.source[1:]}:* {claim.statement}",
        found.finding,
    ]
    if found.table:
        parts.append(_table(found.table))
    if found.why:
        parts.append(found.why)
    if found.kind != "not applicable":
        parts.append(f"```python\n{claim.code(experiment).strip()}\n```")
    return "\n\n".join(parts)


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    keys, numbers = list(rows[0]), number_columns(rows)
    rule = ["---:" if key in numbers else "---" for key in keys]
    lines = [keys, rule, *([str(row[key]).replace("|", "\\|") for key in keys] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
