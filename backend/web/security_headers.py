"""Security headers, with a content-security policy that allows a page to load from this server alone."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOBODY = "'none'"

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
#: Browser features that no page here uses.
_UNUSED = (
    "camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "usb=()"
)


def security_headers(index_html: str, frame_ancestors: str = NOBODY) -> dict[str, str]:
    """The headers of every response. The policy allows the inline scripts of `index_html`, the HTML of our pages."""
    headers = {
        "Content-Security-Policy": _policy(index_html, frame_ancestors),
        "X-Content-Type-Options": "nosniff",
        # A link contains the visitor's labels, so no other site gets it.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": _UNUSED,
    }
    if frame_ancestors == NOBODY:
        headers["X-Frame-Options"] = "DENY"  # it cannot express a list, for which the policy alone decides
    return headers


def _policy(index_html: str, frame_ancestors: str) -> str:
    scripts = _INLINE_SCRIPT.findall(_COMMENT.sub("", index_html))
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in scripts)
    return (
        "default-src 'self'; "
        # blob: for components, which are modules made in the browser.
        f"script-src 'self' blob: {hashes}; worker-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; "  # Streamlit and Plotly create styles while they draw
        "img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; "  # includes the websocket of the same host
        f"frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors {frame_ancestors}"
    )


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


class SecurityHeaders:
    """Sets `headers` on every response, in place of any of the same name."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)
