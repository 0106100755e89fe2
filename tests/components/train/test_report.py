"""A run as one HTML file."""

import re

import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from components.train.report import report
from tests.components.train.run import epochs
from tests.components.train.test_controls import run

ADDRESS = "https://heads.example.org/train"


def test_the_report_has_answer_charts_settings_sources_and_the_way_back_and_loads_nothing():
    result = run()
    text = report(result, ADDRESS, "Ada's run")
    assert "<h1>Ada&#x27;s run</h1>" in text
    charts = len(re.findall(r"Plotly\.newPlot\(", text))
    assert charts == 1 + len(result.experiment.architecture.heads)
    assert "Batch size</th><td>" in text
    assert text.count("<pre>") == 2
    assert "keras.Sequential" in text
    assert f"{ADDRESS.removesuffix('train')}train" in text
    outside = [tag for tag in re.findall(r"<(?:script|link|img|iframe)[^>]*>", text) if re.search(r"(src|href)=", tag)]
    assert outside == [], "it opens without a network"


def test_a_report_of_a_saved_run_leads_to_this_run():
    link = '<a href="https://heads.example.org/runs?run=abc">https://heads.example.org/runs?run=abc</a></p>'
    assert link in report(run(), ADDRESS, "Ada's run", "runs?run=abc")
    assert "<a href" not in report(run(), "javascript:alert(1)", "Ada's run", "runs?run=abc").rpartition("<p>")[2]
    assert f'<a href="{ADDRESS}?' in report(run(), ADDRESS)


def test_text_of_visitors_is_harmless():
    head = Head.for_task("level", label="<script>alert(1)</script>")
    result = run(experiment=Experiment(architecture=Architecture(heads=(head,))))
    text = report(result, 'javascript:"><script>alert(2)</script>', "<script>alert(3)</script>")
    assert "alert(1)</script>" not in text.replace("\\u003c", "<")
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([1], "1 epoch, 2 s of training."),
        ([20, 20, 20], "20 epochs with each of 3 seeds, 2 s of training."),
        ([20, 3], "3 to 20 epochs with each of 2 seeds, 2 s of training."),
        ([], "No epoch ended."),
    ],
)
def test_the_report_says_how_many_epochs_each_seed_trained(counts, words):
    ran = [epoch for seed, count in enumerate(counts) for epoch in epochs(count, seed)]
    assert f"<p>{words} Report of" in report(run(epochs=ran), ADDRESS)
