"""Two Heads without its pages: no Streamlit in here, so that a notebook can import it."""

__version__ = "0.3.0"
#: The first version with this training code. Runs of earlier versions may differ in their bits, so they are not reused.
TRAINER = "0.4.0"
