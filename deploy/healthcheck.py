"""The container's HEALTHCHECK: exits with 0 if the server on $PORT responds; otherwise prints why, and exits with 1.

It uses only the standard library, and no proxy, because the server is in the same container.
"""

from __future__ import annotations

import http.client
import os
import sys


def main() -> None:
    """Request `/healthz`, below the base path if the app has one."""
    port = os.environ.get("PORT") or "8501"
    base = os.environ.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    path = f"/{base}/healthz" if base else "/healthz"
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=4)
        connection.request("GET", path)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        sys.exit(f"no answer from port {port}: {error}")
    if status != 200:
        sys.exit(f"{path} responded with {status}")


if __name__ == "__main__":
    main()
