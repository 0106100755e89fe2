"""A run as one HTML file."""

import re

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from components.train.report import report
from tests.builders.small_run import run

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


def test_text_of_visitors_is_harmless():
    head = Head.for_task("level", label="<script>alert(1)</script>")
    result = run(experiment=Experiment(architecture=Architecture(heads=(head,))))
    text = report(result, 'javascript:"><script>alert(2)</script>', "<script>alert(3)</script>")
    assert "alert(1)</script>" not in text.replace("\\u003c", "<")
    assert "<script>alert" not in text
