"""Records how the box of the fused Dense comes apart on Compare, as an animated picture for README and slides."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import FloatRect, Page

from benchmarks.bitmaps import optimized

#: The animation, and a still for readers who want no motion.
ANIMATION, STILL = "morph.webp", "morph.png"
MOST_BYTES = 400_000
#: Milliseconds for which a frame is shown; the morph has this many frames.
_FRAME, _FRAMES = 50, 26
#: Milliseconds for which the first and the last frame are shown.
_BEGIN, _END = 1400, 2200
_QUALITY = 55
#: Pixels: as wide as README is shown.
_WIDTH = 960
_DIAGRAM = "section.diagram"

# Takes over the page's animation clock: `nextFrame(passed)` draws the next frame, `passed` milliseconds later.
_TAKE_CLOCK = """() => {
  const waiting = []
  let now = performance.now()
  window.requestAnimationFrame = (draw) => waiting.push(draw)
  window.nextFrame = (passed) => {
    now += passed
    for (const draw of waiting.splice(0)) draw(now)
  }
}"""


_TRANSITIONS_ENDED = """(diagram) =>
  Promise.all(diagram.getAnimations({ subtree: true }).map((animation) => animation.finished)).then(() => null)"""


def record(page: Page, folder: Path) -> None:
    """Write the animation and the still of the open Compare page to `folder`. It stops the page's animation clock."""
    page.emulate_media(reduced_motion="no-preference")
    diagram = page.locator(_DIAGRAM)
    diagram.scroll_into_view_if_needed()
    head, sides = (page.locator(f"{_DIAGRAM} {part}").bounding_box() for part in (".head", ".sides"))
    assert head, "Compare has no diagram"
    assert sides, "the diagram has no sides"
    clip: FloatRect = {
        "x": head["x"] - 12,
        "y": head["y"] - 6,
        "width": head["width"] + 24,
        "height": sides["y"] + sides["height"] - head["y"] + 8,
    }
    diagram.locator(".save").evaluate("(button) => { button.style.visibility = 'hidden' }")
    page.evaluate(_TAKE_CLOCK)
    pictures = [page.screenshot(clip=clip, caret="hide")]
    diagram.get_by_role("button", name="Pull the box apart").click()
    page.mouse.move(0, 0)
    for _ in range(_FRAMES):
        page.evaluate("(passed) => window.nextFrame(passed)", _FRAME)
        pictures.append(page.screenshot(clip=clip, caret="hide"))
    diagram.evaluate(_TRANSITIONS_ENDED)
    pictures.append(page.screenshot(clip=clip, caret="hide"))
    (folder / ANIMATION).write_bytes(animation(pictures))
    still = io.BytesIO()
    _resized(pictures[-1]).save(still, "PNG")
    (folder / STILL).write_bytes(optimized(still.getvalue()))
    for name in (ANIMATION, STILL):
        print(f"{name}: {(folder / name).stat().st_size / 1000:.0f} KB", flush=True)


def animation(pictures: list[bytes]) -> bytes:
    """The pictures (PNG) forwards and backwards, as an animated WebP that repeats.

    Raises ValueError if it takes more than `MOST_BYTES`.
    """
    forwards = [_resized(picture) for picture in pictures]
    frames = [*forwards, *forwards[-2:0:-1]]
    durations = [_FRAME] * len(frames)
    durations[0], durations[len(forwards) - 1] = _BEGIN, _END
    written = io.BytesIO()
    kept: dict[str, Any] = {"quality": _QUALITY, "method": 6, "duration": durations, "loop": 0}
    frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:], **kept)
    if written.tell() > MOST_BYTES:
        raise ValueError(f"the animation takes {written.tell():,} bytes; at most {MOST_BYTES:,} are allowed")
    return written.getvalue()


def _resized(png: bytes) -> Image.Image:
    """The picture, at most `_WIDTH` pixels wide."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.thumbnail((_WIDTH, picture.height), Image.Resampling.LANCZOS)
    return picture
