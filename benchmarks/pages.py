"""CPU time of the server for one rerun of a page, measured in this process without workers."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from streamlit.testing.v1 import AppTest

from backend.config.settings import Settings
from backend.services import Services, serving
from harness.local import ROOT

RERUNS = 15


def measure() -> Iterator[tuple[str, float]]:
    """`page_rerun_cpu_ms`: median over reruns of Compare, each after a change of the architecture."""
    with tempfile.TemporaryDirectory() as folder, serving(Services.build(Settings(state_dir=Path(folder)))):
        page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60).run()
        spent = []
        for i in range(RERUNS):
            page.number_input(key="architecture.timesteps").set_value(10 + i % 2)
            begun = time.process_time()
            page.run()
            spent.append(1000 * (time.process_time() - begun))
        if page.exception:
            raise RuntimeError(page.exception[0].message)
    yield "page_rerun_cpu_ms", median(spent)
