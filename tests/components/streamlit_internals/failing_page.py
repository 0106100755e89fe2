import streamlit as st

from components.streamlit_internals.downloads import Unavailable


def broken() -> bytes:
    raise ZeroDivisionError("a secret of the server")


def busy() -> bytes:
    raise Unavailable("All are busy. Try again.")


st.title("Downloads")
for label, make in {"Broken": broken, "Busy": busy, "Whole": lambda: b"whole"}.items():
    st.download_button(label, make, file_name=label, on_click="ignore")
