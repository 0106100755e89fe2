"""The pages of the site, as Streamlit knows them, in the order of the strip.

`st.Page` looks for its file, folder by folder. That is some seventy calls to the file system a script run, and at
each one the threads of other visitors may take their turn. So the pages are made once.
"""

from __future__ import annotations

from copy import copy
from functools import cache

import streamlit as st

#: The titles of the groups of the strip: its bar, the menu More, which also says what each page holds, the page set
#: apart, and the pages to which only other pages link.
BAR = {"compare": "Compare", "train": "Train", "claims": "Claims", "learn": "Learn"}
MORE = {
    "speed": ("Speed", "One output layer, or one per head?"),
    "topologies": ("Topologies", "Models that are more than a list of layers."),
    "lab": ("Lab", "How gradients of heads are combined."),
    "own": ("Your own model", "Open a .keras file: can its heads be one layer?"),
}
APART = {"room": "Rooms"}
#: The file of the page that is served at the root.
ROOT = "compare"
HIDDEN = {"runs": "Runs"}


def pages_to_run() -> list[st.Page]:
    """Copies of all pages for `st.navigation`, which marks the page that this script run shows."""
    return [copy(each) for each in _pages().values()]


def page(name: str) -> st.Page:
    """The page in the file `<name>.py`, for a link. Raises KeyError if there is no such page."""
    return _pages()[name]


def by_path() -> dict[str, st.Page]:
    """All pages by their paths."""
    return {each.url_path: each for each in _pages().values()}


@cache
def _pages() -> dict[str, st.Page]:
    """Each page by the name of its file. Call this in a script run."""
    titles = {**BAR, **{name: title for name, (title, _) in MORE.items()}, **APART, **HIDDEN}
    return {name: st.Page(f"{name}.py", title=title, default=name == ROOT) for name, title in titles.items()}
