import streamlit as st


@st.fragment
def failing() -> None:
    raise ValueError("/secret/path of a fragment")


failing()
raise ValueError("/secret/path of the page")
