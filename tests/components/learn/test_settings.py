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
    from backend.lessons import parse
    from components.learn import settings
    from tests.components.learn.test_settings import LESSON

    lesson = parse(LESSON)
    settings.show(lesson, lesson.steps[0])


@pytest.mark.parametrize("chosen", ["mean", "sum"])
def test_weights_that_a_lesson_has_chosen_are_an_option_until_another_is_trained(serve, chosen):
    serve()
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = "a" * 32
    app.run()
    assert not app.exception
    menu = app.selectbox[0]
    own = menu.value
    assert own == "own"
    menu.select(chosen).run()
    assert not app.exception
    app.selectbox[0].select(own).run()
    assert not app.exception
    assert app.selectbox[0].value == own
