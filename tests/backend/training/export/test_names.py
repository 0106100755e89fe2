"""Files are named after what they contain."""

import re
from itertools import product

import pytest

from backend.experiment.styles import STYLES
from backend.training.export import names

PAIRS = [*product(STYLES, repeat=2), ("batch=8", "batch=256"), ("dense=8", "dense=8:relu")]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_names_are_plain_and_no_two_files_share_one(pair):
    files = [f"{names.comparison(pair)}.py", *(names.source(style) for style in dict.fromkeys(pair))]
    files += [names.model(pair, side) for side in ("left", "right")]
    assert len(set(files)) == len(files)
    assert all(re.fullmatch(r"[a-z0-9-]+\.(py|keras)", file) for file in files)


@pytest.mark.parametrize(
    ("name", "file"), [("The small batch", "the-small-batch"), ("../../etc", "etc"), ("学习", ""), ("a" * 99, "a" * 60)]
)
def test_a_run_that_has_a_name_gives_it_to_its_files(name, file):
    assert names.of_run(name) == file
