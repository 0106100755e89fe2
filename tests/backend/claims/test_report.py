"""The report: every verdict with its evidence as Markdown, and nothing a visitor wrote."""

from backend.claims import CLAIMS, verdict
from backend.claims.parameters import Counts
from backend.claims.report import report
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from tests.backend.claims.cases import DEFAULT, ONE_HEAD

COUNTS = Counts(parameters=dict.fromkeys(STYLES, 4762))


def test_it_has_each_verdict_with_evidence_reason_and_code():
    found = {"parameters": verdict(CLAIMS["parameters"], DEFAULT, COUNTS)}
    text = report(DEFAULT, found)
    question = "1. Do all styles have the same number of parameters?"
    assert f"| {question} | yes, 4,762 each |  |" in text
    assert f"## {question}\n\n**Yes, 4,762 each.** Keras counts 4,762 in each." in text
    assert "**True:** All 4 styles give this network 4,762 trainable parameters." in text
    assert "The question says: Both model summaries report" in text
    assert "| Functional | 4,480 + 264 + 9 + 9 | 4,762 | 4,762 | ✓ yes |" in text
    assert "| --- | --- | ---: | ---: | --- |" in text
    assert "functional().count_params()" in text.split("```python")[1]
    assert "the thread's own network" in text


def test_predictions_stand_beside_what_was_measured():
    found = {"parameters": verdict(CLAIMS["parameters"], DEFAULT, COUNTS)}
    right, wrong = CLAIMS["parameters"].options[:2]
    assert f"| yes, 4,762 each | {right} (right) |" in report(DEFAULT, found, {"parameters": right})
    assert f"| yes, 4,762 each | {wrong} (wrong) |" in report(DEFAULT, found, {"parameters": wrong})


def test_an_inapplicable_claim_says_why_and_has_no_code():
    claim = CLAIMS["averaged_summed"]
    text = report(ONE_HEAD, {claim.key: verdict(claim, ONE_HEAD, None)})
    assert "**Not applicable.** A single head is one output in every style" in text
    assert "```" not in text
    assert "`?" in text, "the query that restores the experiment"


def test_no_label_enters():
    label = "</script>| # evil"
    heads = tuple(Head.for_task(task, label=label) for task in ("level", "trend"))
    on = Experiment(architecture=Architecture(heads=heads))
    for claim in CLAIMS.values():
        if not claim.measured:
            assert "evil" not in report(on, {claim.key: verdict(claim, on, claim.evidence())})
    assert "evil" not in report(on, {"parameters": verdict(CLAIMS["parameters"], on, COUNTS)})
