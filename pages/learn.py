"""Learn: lessons that ask for a prediction, show the experiment, and explain it."""

import streamlit as st

from components.layout import page
from components.learn import choice, ending, shelf, step
from components.text import for_markdown

with st.sidebar:
    choice.show_sidebar()

lesson = choice.lesson()
if lesson is None:
    with step.heading_container(""):
        st.title("Can you predict what Keras does?")
else:
    st.title(for_markdown(lesson.title))
page.workers()
if lesson is None:
    shelf.show()
elif choice.at_end():
    ending.show(lesson)
else:
    step.show(lesson, choice.step(lesson))
