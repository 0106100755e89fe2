"""One flat script per page, and the shell around them."""
