"""What stands round every page: one notice, the workers' state, the footer."""

import pytest
from streamlit.testing.v1 import AppTest

from components.layout import page as frame


def page():
    from components.layout import page as frame
    from components.session import page_options

    page_options.synchronise("page")
    frame.notices()
    frame.workers()
    frame.footer()


@pytest.fixture
def jobs(serve):
    """Jobs of a server that has just started."""
    return serve().jobs


def opened(**query):
    app = AppTest.from_function(page)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def test_a_good_link_gets_no_notice_and_the_footer_names_source_and_licence(jobs):
    app = opened(timesteps="12")
    assert not app.warning
    assert not app.info
    (footer,) = app.markdown
    assert f"({frame.THREAD})" in footer.value
    assert f"[CC BY-SA 4.0]({frame.LICENCE})" in footer.value
    for name in ("Two Heads", "Keras", "TensorFlow", "Streamlit"):
        assert any(f"{name} {digit}" in footer.value for digit in "0123456789"), name


def test_one_notice_names_every_bad_value_and_free_text_stays_plain_text(jobs):
    app = opened(timesteps="99", right="*evil*", lucky="<b>$x$</b>")
    (notice,) = app.warning
    first, *items = notice.value.split("\n- ")
    assert first == "Some settings could not be used:"
    assert len(items) == 3
    assert r"\*evil\*" in notice.value
    assert "<b>" not in notice.value
    assert "$x$" not in notice.value
