"""Two Heads without its pages: no Streamlit in here, so that a notebook can import it."""

__version__ = "0.1.0"
