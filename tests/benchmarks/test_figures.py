"""The figures in the documents are those of the result files, and a benchmark that is stopped keeps its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.config.settings import Settings
from benchmarks import bench, results
from benchmarks.figures import FIGURE, documents, fill, written
from harness.local import ROOT

#: A quantity as a benchmark measures it.
MEASURED = re.compile(r"\d[\d.,]* ?(ms|KB|GB|×)(?!\w)")


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_a_document_shows_the_figures_of_the_result_files(document: Path) -> None:
    text = document.read_text()
    assert text == fill(text), "`make figures` writes them"


@pytest.mark.parametrize(
    "document",
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/decisions/*.md"),
        *(ROOT / f"docs/{name}.md" for name in ("performance", "operate", "library")),
    ],
    ids=lambda path: path.name,
)
def test_no_measured_figure_is_typed(document: Path) -> None:
    rows = FIGURE.sub("", document.read_text()).splitlines()
    assert [row for row in rows if MEASURED.search(row.replace("1.5 × used before", ""))] == []


def test_figures_are_computed_and_written_in_their_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    results.write("sample", {"fast_ms": 1234.5678, "slow_ms": 2234.5, "share": 0.0734, "size": 73318.0})
    assert written("sample.fast_ms ms") == "1,235 ms"
    assert written("sample.fast_ms as_seconds") == "1.2 s"
    assert written("sample.slow_ms - sample.fast_ms ms") == "1,000 ms"
    assert written("sample.slow_ms / sample.fast_ms times") == "1.8 ×"
    assert written("sample.fast_ms * 2 + sample.slow_ms as_seconds") == "4.7 s"
    assert written("setting.worker_memory_mb mb") == f"{Settings().worker_memory_mb:,} MB"
    assert written("sample.share percent") == "7 %"
    assert written("sample.size bytes_as_kb") == "73 KB"


def test_a_benchmark_that_is_stopped_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    results.write("bench", {"old": 1.0, "first": 2.0})

    def stopped() -> Iterator[tuple[str, float]]:
        yield "first", 3.0
        assert "first" in capsys.readouterr().out, "printed before the next one is measured"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.run([stopped])
    stored = results.read("bench")
    assert (stored["old"], stored["first"]) == (1.0, 3.0)
