"""What surrounds every page: head, style sheets, strip, Share, notices, footer and errors, and views for frames."""
