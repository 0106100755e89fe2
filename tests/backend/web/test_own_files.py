"""Our scripts and style sheets are served under names that depend on their content."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette

from backend.web.own_files import file_name, file_routes
from tests.builders.asgi import get, serve


@pytest.mark.parametrize(("name", "kind"), [("a.js", "text/javascript"), ("b.css", "text/css")])
def test_a_file_is_served_under_its_name_and_cached_for_good(name: str, kind: str) -> None:
    named = file_name(name, "content")
    with serve(Starlette(routes=file_routes({named: "content"}, "/heads"))) as address:
        answer = get(address, f"/heads/{named}")
        assert answer.read() == b"content"
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]
