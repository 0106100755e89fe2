"""A CSV file of one's own in the sidebar: opened, its columns chosen, deleted; and a sentence for each fault."""

import base64
import gzip
import re

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.own_table import MOST_NAME, tables_named
from backend.jobs.compression import Compressed
from backend.jobs.runtime import Context
from backend.services import services
from backend.worker.own_csv import read
from components import browser
from components.text import spoken
from tests.builders.own_tables import WORDS, hostile_table, real_file, real_table, table
from tests.builders.pages import button, drawn

#: What the browser sends arrives here by a button.
PANEL = """
import streamlit as st
from components import sidebar
from components.session import page_options, state
from components.sidebar import own_csv, sequences

page_options.synchronise("page")
sidebar.sequences.show()
sidebar.heads.show()
st.button("Send", on_click=own_csv.open_packed, args=(st.session_state.get("sent"),))
st.text(state.experiment().model_dump_json())
for notice in state.notices():
    st.error(notice.sentence)
"""


@pytest.fixture(autouse=True)
def server(serve):
    """A server without workers."""
    return serve()


def panel(**query):
    at = AppTest.from_string(PANEL)
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception
    return at


def send(at, data):
    at.session_state["sent"] = base64.b64encode(gzip.compress(data)).decode() if isinstance(data, bytes) else data
    at.run()
    button(at, "Send").click().run()
    registry = services().jobs.registry
    if (job := registry.take(1)) is not None:
        registry.end(job, "finished", result=Compressed.of(read(job.payload, Context())))
        at.run()
        assert registry.get(job.visitor, job.id) is None, "the text of the file is forgotten"
    assert not at.exception
    return at


def opened(data):
    at = panel()
    at.selectbox(key="data").set_value("csv").run()
    return send(at, data)


def link(at):
    return {key: at.query_params[key] for key in dict(at.query_params)}


def experiment(at):
    assert not at.exception
    text = at.text[0].value
    return Experiment.model_validate_json(text, context=tables_named(text))


def test_a_file_that_has_been_read_while_the_page_is_drawn_is_opened(monkeypatch):
    registry, mount = services().jobs.registry, browser.mount

    def ending(name, *arguments, **options):
        if name == "csv_file" and (job := registry.take(1)) is not None:
            registry.end(job, "finished", result=Compressed.of(read(job.payload, Context())))
        return mount(name, *arguments, **options)

    monkeypatch.setattr(browser, "mount", ending)
    assert "csv" in link(opened(table().csv()))


def test_a_file_is_opened_its_columns_are_chosen_and_the_link_has_only_the_choices():
    at = panel()
    at.selectbox(key="data").set_value("csv").run()
    assert experiment(at) == Experiment(), "until a file is open, nothing changes"
    assert drawn(at, "csv_file")
    send(at, table().csv())
    assert not drawn(at, "csv_file")
    (said,) = drawn(at, "announce")
    assert f"{len(table().rows)} rows and {len(table().names)} columns" in said["text"]
    assert link(at) == {"csv": f"{table().id}.1-2-3"}, "a column that does not vary is no feature unless it is chosen"
    assert at.multiselect(key="data.columns").options == list(table().names)
    at.multiselect(key="data.columns").set_value([0, 2]).run()
    at.number_input(key="architecture.heads.count").set_value(3).run()
    for head, task in enumerate(("number_1", "yes_2", "class_3")):
        at.button_group(key="heads.chosen").set_value(head).run()
        at.selectbox(key=f"head.{head}.task").set_value(task).run()
    at.number_input(key="architecture.own.horizon").set_value(5).run()
    chosen = experiment(at).architecture
    assert (chosen.own.columns, chosen.own.horizon, chosen.features) == ((0, 2), 5, 2)
    assert [(head.name, head.task, head.units) for head in chosen.heads] == [
        ("temp_c", "number_1", 1), ("rain", "yes_2", 1), ("type_column", "class_3", 3),
    ]  # fmt: skip
    again = panel(**link(at))
    assert experiment(again) == experiment(at)
    assert not drawn(again, "announce"), "a link opens no file"
    assert any("Whoever has this link sees the data" in caption.value for caption in again.caption)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (table().csv().replace(b"\n", b"\n1,2,2,3,4\n", 1), "Column 5 has no name in row 1, but row 2 has a value"),
        (b"a,b\n1,2\n", "The file has 1 row below the header"),
        (b"<b>x</b>,y\n1,2\n" + b"1,**2**\n" * 80, "“\\*\\*2\\*\\*”, which is not a number"),
        (b"x" * (MOST_NAME + 1) + b",b\n" + b"1,2\n" * 80, "The name of column 1 has 61 characters"),
        ("no base64", "damaged"),
        (b"", "There is nothing in the file"),
    ],
)
def test_a_file_with_a_fault_gets_a_sentence_and_is_not_stored(data, words):
    at = opened(data)
    (warning,) = at.warning
    assert re.search(words, spoken(warning.value)), spoken(warning.value)
    assert experiment(at) == Experiment()
    assert "csv" not in at.query_params
    send(at, table().csv())
    assert not at.warning
    assert experiment(at).architecture.own.table.id == table().id


def test_a_file_with_gaps_opens_without_the_sequences_that_touch_them_and_the_gaps_are_named():
    at = opened(real_file())
    own = experiment(at).architecture.own
    assert own.table == real_table()
    assert any("The file has 2 gaps." in spoken(each.value) for each in at.warning)
    assert at.multiselect(key="data.columns").options == ["temp", "weekday", "open"]
    at.button_group(key="heads.chosen").set_value(0).run()
    at.selectbox(key="head.0.task").set_value("class_2").run()
    captions = [spoken(each.value) for each in at.caption]
    assert f"The words of “type” as numbers: 0: {WORDS[0]}; 1: {WORDS[1]}; 2: {WORDS[2]}." in captions
    assert any("The rows are in the order of “date”" in each and "is 1 day." in each for each in captions)


def test_names_of_columns_are_text_in_the_menus_and_identifiers_in_the_heads():
    at = opened(hostile_table().csv())
    assert at.multiselect(key="data.columns").options == list(hostile_table().names)
    assert [head.name for head in experiment(at).architecture.heads] == ["x_import_os", "b_onclick_x_y_z_b"]
    at.multiselect(key="data.columns").set_value([3]).run()
    assert spoken(at.warning[0].value) == (
        "The feature “🌡️” has the same number in all rows. The network learns nothing from it."
    )


def test_who_opened_the_file_can_delete_it_and_the_link_says_so_afterwards():
    at = opened(table().csv())
    before = link(at)
    other = panel(**before)
    assert "Delete the data" not in [each.label for each in other.button]
    services().own_tables.keep(table(), "somebody else")
    button(at, "Delete the data").click().run()
    assert "because somebody else, or another browser of yours, has opened it, too" in at.toast[0].value
    assert panel(**before).error == []
    assert experiment(at) == Experiment()
    services().delete_table(table().id, "somebody else")
    assert services().own_tables.find(table().id) is None
    (sentence,) = [each.value for each in panel(**before).error]
    assert "its time is over, or it was deleted. Used synthetic waves in its place." in sentence
    other.run()
    assert experiment(other) == Experiment(), "also in a tab that was open"
    assert [each.value for each in other.error] == [sentence]
