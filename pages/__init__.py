"""One flat script a page, and the shell round them."""
