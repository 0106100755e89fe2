"""The report: every verdict with its evidence as Markdown, and nothing a visitor wrote."""

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.questions.claims import CLAIMS
from backend.questions.claims.parameters import Counts
from backend.questions.claims.report import report
from tests.backend.questions.claims.cases import DEFAULT

COUNTS = Counts(parameters=dict.fromkeys(STYLES, 4762))


def test_it_has_each_verdict_with_evidence_and_code_beside_what_was_predicted():
    claim = CLAIMS["parameters"]
    right, wrong = claim.options[:2]
    found = {claim.key: claim.judge(DEFAULT, COUNTS)}
    text = report(DEFAULT, found, {claim.key: right})
    assert claim.statement in text
    assert "**True** with these settings" in text
    assert "| Functional | 4,480 + 264 + 9 + 9 | 4,762 | 4,762 | ✓ yes |" in text
    assert "functional().count_params()" in text.split("```python")[1]
    assert f"{right} (right)" in text
    assert f"{wrong} (wrong)" in report(DEFAULT, found, {claim.key: wrong})


def test_no_label_enters():
    label = "</script>| # evil"
    heads = tuple(Head.for_task(task, label=label) for task in ("level", "trend"))
    on = Experiment(architecture=Architecture(heads=heads))
    for claim in CLAIMS.values():
        if not claim.measured:
            assert "evil" not in report(on, {claim.key: claim.judge(on, claim.evidence())})
    assert "evil" not in report(on, {"parameters": CLAIMS["parameters"].judge(on, COUNTS)})
