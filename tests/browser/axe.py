"""What axe finds on a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page

from tests.browser.visit import SETTLED

#: Axe looks for targets below 24 × 24 px only if it is told to.
TARGETS_TOO = {"rules": {"target-size": {"enabled": True}}}
#: What depends on the colour scheme.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

#: That nothing in a part moves or changes its colour. What the rest of the page does is not read.
_PART_SETTLED = """(part) => !document.getAnimations().some(
  (each) => each.playState === "running" && each.effect?.target?.closest(part))"""


def faults(page: Page | Frame, rules: dict[str, Any] | None = None, within: str | None = None) -> list[str]:
    """Each element that breaks a rule once the page has settled, with the rule and what is wrong.

    `within` is the selector of the part that axe reads. In a frame of another site axe is run there, because it cannot
    be reached from outside. Only violations are asked for: axe would describe each element that breaks no rule, too.
    """
    page.wait_for_function(_PART_SETTLED if within else SETTLED, arg=within)
    options = {"resultTypes": ["violations"]} | (rules or {})
    return [
        f"{violation['id']} ({violation['help']}): {node['html'][:300]}\n   {node['failureSummary']}"
        for violation in Axe().run(page, context=within, options=options).response["violations"]  # type: ignore[arg-type]
        for node in violation["nodes"]
    ]
