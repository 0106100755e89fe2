"""The entry as the server imports it, with Streamlit's settings as its command line sets them."""

from __future__ import annotations

import subprocess
import sys

from harness.local import ROOT


def origins(**options: str | list[str]) -> set[str]:
    """What `app.other_origins` returns in a new process in which Streamlit has these options."""
    script = f"from streamlit.web import bootstrap; bootstrap.load_config_options({options!r})\n"
    script += "import app; print('\\n'.join(app.other_origins()))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return set(done.stdout.split())


def test_an_operator_can_name_the_host_that_a_proxy_hides() -> None:
    assert origins() == set()
    found = origins(browser_serverAddress="Heads.example.org", server_corsAllowedOrigins=["https://Other.example.org/"])
    assert found >= {"https://heads.example.org", "http://heads.example.org", "https://other.example.org"}
