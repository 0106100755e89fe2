"""What the browser session holds: the experiment, the page options, and the visitor."""
