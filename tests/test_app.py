"""The entry as the server imports it, with Streamlit's settings as its command line sets them."""

from __future__ import annotations

import subprocess
import sys

from components.layout import site
from harness.local import ROOT


def printed(expression: str, **options: str | list[str]) -> set[str]:
    """The lines of this expression in a new process in which Streamlit has these options and `app` is imported."""
    script = f"from streamlit.web import bootstrap; bootstrap.load_config_options({options!r})\n"
    script += f"import app; print('\\n'.join({expression}))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return set(done.stdout.split("\n")[:-1])


def origins(**options: str | list[str]) -> set[str]:
    return printed("app.other_origins()", **options) - {""}


def test_an_operator_can_name_the_host_that_a_proxy_hides() -> None:
    assert origins() == set()
    found = origins(browser_serverAddress="Heads.example.org", server_corsAllowedOrigins=["https://Other.example.org/"])
    assert found >= {"https://heads.example.org", "http://heads.example.org", "https://other.example.org"}


def test_the_paths_of_the_pages_are_those_of_the_navigation() -> None:
    names = {*site.BAR, *site.EXPLORE, *site.APART, site.STORY}
    assert printed("app.pages()") == {"/" if name == site.ROOT else f"/{name}" for name in names}
