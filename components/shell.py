"""What a page shows before its scripts have come: its title, and on the first page the question, answer and picture.

It is the same HTML for every visitor, so it is about the example of the thread. `document.css` hides what would be
false for the settings of a link, or would tell a first visitor the answer. `browser/page.js` removes all of it.
"""

from __future__ import annotations

from html import escape

from backend.experiment.presets import PRESETS, THREAD
from backend.questions.compare.answer import answer
from components.compare.answer import TITLE, endings_sentence
from components.diagram.network import picture
from components.diagram.picture import OUTPUT_UNITS, Picture
from components.layout.preview import PREVIEWS

#: Tells the style sheet the settings in the address, and whether the visitor has seen the introduction.
_SCRIPT = """<script>
  Object.assign(document.documentElement.dataset, {
    link: location.search, seen: document.cookie.includes("two_heads_story="),
  })
</script>"""
#: Pixels of a side of the drawing.
_WIDTH, _HEIGHT = 360, 250


def shell(page: str = "") -> str:
    """HTML for the body of the page with that path."""
    title, sentence = PREVIEWS[page] if page else (TITLE, "")
    body = f"<p>{escape(sentence)}</p>" if page else _first_page()
    return f'{_SCRIPT}<div class="shell"><p class="title">{escape(title)}</p>{body}</div>'


def _first_page() -> str:
    network = PRESETS[THREAD]
    found = answer(network)
    lines = "".join(f"<p>{escape(line)}</p>" for line in (found.lead, found.training, found.choice))
    drawn = picture(network.architecture, *network.styles())
    return (
        f'<p class="ours">{escape(endings_sentence(network))}</p><div class="answer">{lines}</div>'
        f'<div class="ours pictures">{_drawing(drawn)}</div>'
    )


def _drawing(drawn: Picture) -> str:
    """Both sides: every edge, every neuron, and the box around the heads of one layer."""
    ends = [
        [(_WIDTH * (0.05 + 0.9 * group.x), _HEIGHT * (1 - group.y + i * group.step)) for i in range(group.count)]
        for group in drawn.groups
    ]
    edges = "".join(
        f"M{x:.0f} {y:.0f}L{to:.0f} {down:.0f}"
        for group, target in zip(drawn.groups, ends, strict=True)
        if group.source is not None
        for x, y in ends[group.source]
        for to, down in target
    )
    neurons = "".join(f"M{x:.0f} {y:.0f}h0" for group in ends for x, y in group)
    outputs = [own for group, own in zip(drawn.groups, ends, strict=True) if group.kind == OUTPUT_UNITS]
    (left, top), (_, bottom) = outputs[0][0], outputs[-1][-1]
    box = f'<rect x="{left - 14:.0f}" y="{top - 14:.0f}" width="28" height="{bottom - top + 28:.0f}" rx="8"/>'
    return "".join(
        f"<figure><figcaption>{escape(side.title)}: {escape(side.layers)}</figcaption>"
        f'<svg viewBox="0 -20 {_WIDTH} {_HEIGHT + 40}" role="img" aria-label="{escape(side.alt)}">'
        f'<path d="{edges}"/>{box if side.box else ""}<path class="neurons" d="{neurons}"/></svg></figure>'
        for side in drawn.sides
    )
