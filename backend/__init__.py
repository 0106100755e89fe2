"""Two Heads without its pages: no Streamlit in here, so that a notebook can import it."""

__version__ = "0.3.0"
#: The first version with this trainer. Runs of an earlier one may have other bits, so they do not stand for new ones.
TRAINER = "0.1.0"
