"""The entry as the server imports it, alone in a folder, with Streamlit's settings as its command line sets them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from components.layout import site
from harness.local import ROOT

#: The app needs neither `tests/`, `benchmarks/` nor `harness/`.
APP = ("app.py", "backend", "two_heads", "components", "pages", ".streamlit")
#: Imports the entry without options, then says what is so with those of an operator, and reads the one file of results
#: that is recorded outside the app.
SCRIPT = """
import json
from streamlit.web import bootstrap
bootstrap.load_config_options({})
import app
from backend.speed.result import recorded
found = [app.other_origins(), app.pages()]
bootstrap.load_config_options(
    {"browser_serverAddress": "Heads.example.org", "server_corsAllowedOrigins": ["https://Other.example.org/"]}
)
print(json.dumps([*map(list, (*found, app.other_origins())), len(recorded().points), app.__file__]))
"""


def test_alone_it_has_the_paths_of_the_navigation_and_an_operator_can_name_the_host_that_a_proxy_hides(
    tmp_path: Path,
) -> None:
    for name in APP:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)  # with what Python has compiled
        else:
            shutil.copy(ROOT / name, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    without_options, paths, named, points, file = json.loads(done.stdout.splitlines()[-1])
    assert Path(file) == tmp_path / "app.py"
    assert without_options == []
    names = {*site.BAR, *site.EXPLORE, *site.APART, site.STORY}
    assert set(paths) == {"/" if name == site.ROOT else f"/{name}" for name in names}
    assert {*named} >= {"https://heads.example.org", "http://heads.example.org", "https://other.example.org"}
    assert points > 0
