"""What a screen reader has read. The region has only the last text: of the chip, or of the page."""

from __future__ import annotations

#: Begins to record each text of the region.
LISTEN = """() => {
  const region = document.querySelector(".only-for-screen-readers")
  window.read = []
  new MutationObserver(() => window.read.push(region.textContent)).observe(region, { childList: true })
}"""
#: Whether one of them had these words.
HEARD = "(words) => window.read.some((text) => text.includes(words))"
