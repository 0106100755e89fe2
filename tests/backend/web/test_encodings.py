"""Which encoding a client gets, by its Accept-Encoding."""

import pytest

from backend.web.encodings import best_encoding


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("BR", "br"),
        ("br ; q = 0, gzip;q=0.1", "gzip"),
        ("", None),
        ("identity", None),
        ("deflate, zstd", None),
        ("br;q=0, gzip;q=0", None),
        (";;,,=", None),
    ],
)
def test_the_encoding_that_a_client_accepts_is_used(header, encoding):
    assert best_encoding(header) == encoding
