"""Our own JavaScript: the files of this folder as one script, and components that its renderers draw.

The page loads the script once, before everything else (`backend.web.script`). So a component sends its data over the
WebSocket, and no code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

#: The files in the order in which they run: the runtime, what renderers share, the renderers.
FILES = (
    "runtime.js",
    "playback.js",
    "frame.js",
    "panels.js",
    "terms.js",
    "step.js",
    "share.js",
    "svg.js",
    "numbers.js",
    "markers.js",
    "transitions.js",
    "diagram_labels.js",
    "diagram_layout.js",
    "diagram_edges.js",
    "diagram_neurons.js",
    "diagram_kernels.js",
    "diagram_boxes.js",
    "diagram_morph.js",
    "diagram_tooltip.js",
    "diagram_save.js",
    "diagram_style.js",
    "diagram_side.js",
    "diagram.js",
    "predictions_panels.js",
    "predictions.js",
    "player.js",
    "answer.js",
    "code.js",
    "layer_graph.js",
    "compass_labels.js",
    "compass_plane.js",
    "compass_space.js",
    "compass.js",
    "room_connection.js",
    "room_follow.js",
    "room_clock.js",
    "room_style.js",
    "room_votes.js",
    "room_runs.js",
    "room_axis.js",
    "room_fit.js",
    "room_presses.js",
)
_FOLDER = Path(__file__).parent
_STUB = """
export default function (component) {{
  return window.twoHeads.render("{name}", component)
}}
"""


@cache
def script() -> str:
    """All files as one script. Each file has a scope of its own."""
    return '"use strict"\n' + "\n".join(f"{{\n{(_FOLDER / name).read_text(encoding='utf-8')}\n}}" for name in FILES)


def mount(name: str, data: Any, *, key: str, **options: Any) -> Any:
    """Draw `data` (anything that JSON can hold) with the renderer `name`.

    `options` go to Streamlit's component (`on_<name>_change` callbacks, `default`, `height`, `width`). Returns its
    state.
    """
    return _component(name)(data=data, key=key, **options)


@cache
def _component(name: str) -> Callable[..., Any]:
    component: Callable[..., Any] = st.components.v2.component(f"two_heads_{name}", js=_STUB.format(name=name))
    return component
