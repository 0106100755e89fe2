"""Makes the pictures of link previews (`components/layout/preview.py`): title, sentence and a part of the page."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path

from playwright.sync_api import FloatRect, Page

from benchmarks.bitmaps import within
from components.layout.preview import FOLDER, HEIGHT, PREVIEWS, SITE, WIDTH, Preview

MOST_BYTES = 60_000
_CHARTS = "[data-testid=stMain] :is([data-testid=stHorizontalBlock], .stGrid):has([data-testid=stPlotlyChart])"
#: The part of each page that its preview shows. Other pages are shown from their title on.
_PARTS = {
    "compare": "section.diagram .sides",
    "train": _CHARTS,
    "claims": ".st-key-claims-board",
    "speed": "[data-testid=stMain] .stGrid",
    "lab": ".st-key-lab-compass",
}
_TITLE = "[data-testid=stMain] [data-testid=stHeading]"
#: Hidden, because they stay in place while the page scrolls, and would cover the part.
_HIDDEN = "[data-testid=stHeader], .st-key-frame-actions"
#: The least width ÷ height of what is shown. A higher part is cut off.
_FORM = 2.6
_STYLE = """
* { margin: 0; box-sizing: border-box }
body { width: 1200px; height: 630px; overflow: hidden; background: #ffffff; color: #0f1620; font-family: Inter;
  border-top: 10px solid #0d9488; border-image: linear-gradient(90deg, #0d9488 50%, #8b5cf6 50%) 1 }
header { display: flex; gap: 14px; align-items: center; padding: 26px 48px 0; font-weight: 700; font-size: 26px }
h1 { padding: 12px 48px 0; font-size: 42px; line-height: 1.2; letter-spacing: -0.01em }
p { padding: 6px 48px 0; font-size: 23px; color: #3d4652 }
main { height: 448px; padding: 0 48px; display: flex; align-items: center }
img.part { width: 100%; max-height: 424px; object-fit: contain; padding: 8px; border: 1px solid #d5dae1;
  border-radius: 10px }
"""


def take(page: Page, name: str) -> None:
    """Make the preview of the page that is open. `name` is that of its picture; an older picture is deleted."""
    preview = PREVIEWS.get(name, PREVIEWS[""])
    part = page.locator(_PARTS.get(name, _TITLE)).first
    page.add_style_tag(content=f":is({_HIDDEN}) {{ opacity: 0 !important }}")
    page.mouse.move(0, 0)  # no chart shows its toolbar
    part.evaluate("(part) => part.scrollIntoView({ block: 'start' })")
    box = part.bounding_box()
    assert box, f"{name} does not have the part that its preview shows"
    most = box["width"] / _FORM
    clip: FloatRect = {**box, "height": min(box["height"], most) if name in _PARTS else most}
    shown = page.screenshot(animations="disabled", caret="hide", clip=clip)
    composed = page.context.browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})  # type: ignore[union-attr]
    composed.set_content(_html(preview, shown))
    composed.evaluate("document.fonts.ready.then(() => null)")
    picture = within(composed.screenshot(), MOST_BYTES)
    composed.close()
    for old in FOLDER.glob(f"preview-{name}-*.png"):
        old.unlink()
    file = FOLDER / f"preview-{name}-{hashlib.sha256(picture).hexdigest()[:8]}.png"
    file.write_bytes(picture)
    print(f"{file.name}: {len(picture) / 1000:.0f} KB", flush=True)


def _html(preview: Preview, shown: bytes) -> str:
    font = next(FOLDER.glob("inter-latin-*.woff2"))
    face = f"@font-face {{ font-family: Inter; font-weight: 100 900; src: url({_uri('font/woff2', font)}) }}"
    mark = f'<img src="{_uri("image/svg+xml", FOLDER / "logo.svg")}" alt="" />'
    part = f'<img class="part" src="data:image/png;base64,{base64.b64encode(shown).decode()}" alt="" />'
    return (
        f"<!DOCTYPE html><style>{face}{_STYLE}</style><header>{mark}{SITE}</header>"
        f"<h1>{escape(preview.title)}</h1><p>{escape(preview.sentence)}</p><main>{part}</main>"
    )


def _uri(media_type: str, file: Path) -> str:
    return f"data:{media_type};base64,{base64.b64encode(file.read_bytes()).decode()}"
