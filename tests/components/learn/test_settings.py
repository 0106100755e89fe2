"""The controls of a step are drawn for every setting that a lesson may choose."""

import pytest
from streamlit.testing.v1 import AppTest

from components.session.visitor import COOKIE

LESSON = """---
id: own-weights
title: Weights
minutes: 3
base: "combine=own&weights=1,0"
---
## The ratio {#ratio}
```step
page: train
show: [ratio]
allow: [combine, optimizer, learning_rate, batch, epochs, same_start, seed]
run: shared
expect: "ratio < 9"
```
How large is the ratio?

- [x] Small
- [ ] Large {try: "combine=mean"}
"""


def page():
    import streamlit as st

    from backend.lessons import parse
    from components.learn import settings
    from tests.components.learn.test_settings import LESSON

    lesson = parse(LESSON)
    (step,) = lesson.steps
    settings.show(lesson, step)
    st.session_state["seen"] = settings.experiment(lesson, step).training


@pytest.mark.parametrize("chosen", ["mean", "sum"])
def test_weights_that_a_lesson_has_chosen_can_be_left_and_chosen_again(serve, chosen):
    serve()
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = "a" * 32
    app.run()
    assert not app.exception
    menu = app.selectbox[0]
    own = menu.value
    assert own == "own"
    menu.select(chosen).run()
    for wanted in (chosen, own):
        app.selectbox[0].select(wanted).run()
        next(button for button in app.button if button.label == "Train with these settings").click().run()
        assert not app.exception
        assert app.session_state["seen"].combine == wanted
        assert app.session_state["seen"].weights == (1, 0)
