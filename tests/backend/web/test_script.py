"""Our script is served under a name that depends on its content."""

from __future__ import annotations

from starlette.applications import Starlette

from backend.web.script import script_name, script_routes
from tests.backend.web.serve import get, serve


def test_the_script_is_served_under_its_name_and_cached_for_good() -> None:
    with serve(Starlette(routes=script_routes("let a", "/heads"))) as address:
        answer = get(address, f"/heads/{script_name('let a')}")
        assert answer.read() == b"let a"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]


def test_another_script_has_another_name() -> None:
    assert script_name("let a") != script_name("let b")
