"""The policy is made of the page that is served, and of who may frame it."""

from __future__ import annotations

import base64
import hashlib

import pytest

from backend.web.security_headers import security_headers

INLINE = "\n  window.ready = false\n"
PAGE = f"""<!-- <script>old()</script> --><script>{INLINE}</script>
<script type="module" crossorigin src="./index.js"></script>"""


def directives(headers: dict[str, str]) -> dict[str, list[str]]:
    parts = (part.split() for part in headers["Content-Security-Policy"].split("; "))
    return {name: values for name, *values in parts}


def sha256(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def test_the_policy_has_the_hash_of_each_inline_script() -> None:
    scripts = directives(security_headers(PAGE))["script-src"]
    assert [value for value in scripts if value.startswith("'sha256-")] == [sha256(INLINE)]
    two = directives(security_headers(PAGE + "<SCRIPT async>second()</SCRIPT>"))["script-src"]
    assert sha256("second()") in two


def test_the_policy_has_no_keyword_that_allows_any_script() -> None:
    policy = directives(security_headers(PAGE))
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"} & set(policy["script-src"])
    assert policy["default-src"] == policy["connect-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]


@pytest.mark.parametrize(
    ("ancestors", "option"),
    [("'none'", "DENY"), ("'self'", None), ("'self' https://a.example", None), ("http://localhost:8000", None)],
)
def test_x_frame_options_is_sent_only_if_it_equals_the_policy(ancestors: str, option: str | None) -> None:
    headers = security_headers(PAGE, ancestors)
    assert directives(headers)["frame-ancestors"] == ancestors.split()
    assert headers.get("X-Frame-Options") == option
