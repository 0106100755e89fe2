"""The link from an exported file back to its experiment."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

from backend.experiment import Experiment
from backend.experiment.url import write_query

#: The page that the link opens, below the address of the app.
PAGE = "train"
_LONGEST = 500
#: An address without user name, query and fragment. No character of it ends a string or a link in source or Markdown.
_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:/[A-Za-z0-9._~-]+)*/?")


def link_sentence(experiment: Experiment, page_url: str | None) -> str:
    """A sentence that leads back to the experiment, without the heads' labels.

    `page_url` is the address of the page as the visitor's browser reports it. It can be anything: if it is no plain
    http address, the sentence names the query alone.
    """
    query = urlencode(write_query(experiment.unlabelled()), doseq=True)
    base = app_address(page_url)
    if base is not None:
        return f"Open the experiment in Two Heads: {base}/{PAGE}{f'?{query}' if query else ''}"
    if not query:
        return "It is the first experiment that the page Train of Two Heads shows."
    return f"To open the experiment in Two Heads, add this to the address of its page Train: ?{query}"


def app_address(page_url: str | None) -> str | None:
    """The address of the app, without the name of the page and without a slash at its end; None if it is unusable.

    A page has one name below the app's address; the page Compare has none and ends in a slash.
    """
    if page_url is None or len(page_url) > _LONGEST or not _ADDRESS.fullmatch(page_url):
        return None
    parts = urlsplit(page_url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}"
