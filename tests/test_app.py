"""The entry as the server imports it, with Streamlit's settings as its command line sets them."""

from __future__ import annotations

import json
import subprocess
import sys

from components.layout import site
from harness.local import ROOT


def printed(*expressions: str, **options: str | list[str]) -> list[set[str]]:
    """The lines of each expression in a new process in which Streamlit has these options and `app` is imported."""
    script = f"from streamlit.web import bootstrap; bootstrap.load_config_options({options!r})\n"
    script += f"import app, json; print(json.dumps([list(each) for each in ({', '.join(expressions)},)]))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return [set(lines) for lines in json.loads(done.stdout.splitlines()[-1])]


def test_an_operator_can_name_the_host_that_a_proxy_hides() -> None:
    (found,) = printed(
        "app.other_origins()",
        browser_serverAddress="Heads.example.org",
        server_corsAllowedOrigins=["https://Other.example.org/"],
    )
    assert found >= {"https://heads.example.org", "http://heads.example.org", "https://other.example.org"}


def test_without_options_there_is_no_other_origin_and_the_paths_of_the_pages_are_those_of_the_navigation() -> None:
    origins, paths = printed("app.other_origins()", "app.pages()")
    assert origins == set()
    names = {*site.BAR, *site.EXPLORE, *site.APART, site.STORY}
    assert paths == {"/" if name == site.ROOT else f"/{name}" for name in names}
