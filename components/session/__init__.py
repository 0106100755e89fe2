"""The browser session: the experiment, the page options, the URL, and the visitor."""
