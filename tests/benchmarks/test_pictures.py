"""The pictures of the pages: which there are, and that they are small."""

import io

from PIL import Image, ImageDraw

from benchmarks.pictures import PLACES, names, optimized


def test_each_page_has_a_picture_at_each_width_and_one_in_the_dark():
    files = [name for name, *_ in names()]
    assert len(files) == len(set(files)) == 4 * len(PLACES)
    assert {"train-1440.png", "train-1024.png", "train-390.png", "train-1440-dark.png"} <= set(files)


def test_every_page_of_the_navigation_has_pictures():
    from harness.local import ROOT

    pages = {file.stem for file in (ROOT / "pages").glob("*.py")} - {"__init__", "navigation"}
    assert {place.name for place in PLACES} == pages


def test_an_optimized_picture_is_smaller_and_keeps_size_and_colours():
    drawn = Image.new("RGB", (400, 300), "#0f141b")
    for i in range(0, 400, 4):
        ImageDraw.Draw(drawn).line((i, 0, 400 - i, 300), fill=("#14b8a6", "#e6ebf2", "#8b5cf6")[i % 3])
    ImageDraw.Draw(drawn).rectangle((10, 200, 13, 203), fill="#db2777")  # a rare colour
    png = io.BytesIO()
    drawn.save(png, "PNG")
    small = optimized(png.getvalue())
    assert len(small) < len(png.getvalue())
    opened = Image.open(io.BytesIO(small))
    assert opened.size == (400, 300)
    for place in ((11, 201), (399, 150), (200, 20)):
        pairs = zip(opened.convert("RGB").getpixel(place), drawn.getpixel(place), strict=True)
        assert all(abs(one - other) <= 2 for one, other in pairs)
