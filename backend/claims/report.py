"""All verdicts as one Markdown document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from backend.claims import CLAIMS
from backend.claims.base import Claim, Verdict
from backend.experiment import Experiment
from backend.experiment.url import write_query

THREAD = "https://stackoverflow.com/questions/58092176"


def report(experiment: Experiment, verdicts: Mapping[str, Verdict]) -> str:
    """A summary table, then each claim with its finding, reason, evidence and code.

    A label that a visitor wrote enters in links alone, percent-encoded.
    """
    query = write_query(experiment.unlabelled())
    parts = [
        "# The thread, tested",
        f"Every sentence of [the question and its answers]({THREAD}), measured on one architecture.",
        f"The experiment: `?{urlencode(query, doseq=True)}`" if query else "The experiment: the thread's own network.",
        _table(
            [{"claim": f"{CLAIMS[key].number}. {CLAIMS[key].title}", "verdict": v.kind} for key, v in verdicts.items()]
        ),
    ]
    parts += [_section(CLAIMS[key], found, experiment) for key, found in verdicts.items()]
    return "\n\n".join(parts) + "\n"


def _section(claim: Claim, found: Verdict, experiment: Experiment) -> str:
    parts = [
        f"## {claim.number}. {claim.title}: {found.kind}",
        f"*{claim.source.capitalize()}:* {claim.statement}",
        found.finding,
    ]
    if found.table:
        parts.append(_table(found.table))
    if found.why:
        parts.append(found.why)
    if found.kind != "does not apply":
        parts.append(f"```python\n{claim.code(experiment).strip()}\n```")
    return "\n\n".join(parts)


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    keys = list(rows[0])
    lines = [keys, ["---"] * len(keys), *([str(row[key]).replace("|", "\\|") for key in keys] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
