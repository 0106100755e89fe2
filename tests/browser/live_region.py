"""Records what a screen reader reads. The live region holds only the last text, from the chip or from the page."""

from __future__ import annotations

#: Begins to record each text of the region.
LISTEN = """() => {
  const region = document.querySelector(".only-for-screen-readers")
  window.read = []
  new MutationObserver(() => window.read.push(region.textContent)).observe(region, { childList: true })
}"""
#: Whether one of them had these words.
HEARD = "(words) => window.read.some((text) => text.includes(words))"
