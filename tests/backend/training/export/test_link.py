"""The link back from a file to its experiment."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.url import read_query
from backend.training.export.link import app_address, link_sentence
from tests.builders.strategies import experiments

ANY_URL = st.text(max_size=60) | st.text(max_size=60).map("http://host/".__add__)


@pytest.mark.parametrize(
    ("page", "app"),
    [
        ("http://127.0.0.1:8501/train", "http://127.0.0.1:8501"),
        ("https://heads.example.org/heads/train", "https://heads.example.org/heads"),
        ("https://heads.example.org/heads/", "https://heads.example.org/heads"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:8501/train", "http://[::1]:8501"),
    ],
)
def test_the_address_of_the_app_is_above_that_of_the_page(page, app):
    assert app_address(page) == app


@given(experiments())
def test_the_link_opens_the_same_experiment_without_its_labels(experiment):
    for url in ("http://host/heads/train", None):
        sentence = link_sentence(experiment, url)
        query = parse_qs(urlsplit(sentence.split()[-1]).query)
        if url:
            assert urlsplit(sentence.split()[-1])[:3] == ("http", "host", "/heads/train")
        assert read_query(query) == (experiment.unlabelled(), [])


@given(ANY_URL)
def test_whatever_the_browser_reports_the_address_ends_no_text_link_or_line(url):
    assert re.fullmatch(r"https?://[A-Za-z0-9.:\[\]/_~-]*", app_address(url) or "http://")
