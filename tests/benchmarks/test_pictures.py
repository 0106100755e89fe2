"""The pictures of the pages: which there are, and that they are small."""

import io

import pytest
from PIL import Image, ImageDraw

from benchmarks import morph
from benchmarks.bitmaps import optimized, within
from benchmarks.pictures import FOLDER, PLACES, names


def test_each_page_has_a_picture_at_each_width_and_one_in_the_dark():
    files = [name for name, *_ in names()]
    assert len(files) == len(set(files)) == 4 * len(PLACES)
    assert {"train-1440.png", "train-1024.png", "train-390.png", "train-1440-dark.png"} <= set(files)


def test_every_page_of_the_navigation_has_pictures():
    from harness.local import ROOT

    pages = {file.stem for file in (ROOT / "pages").glob("*.py")} - {"__init__", "navigation"}
    assert {place.name for place in PLACES} == pages


def drawing() -> bytes:
    """Lines in a few colours, and one rare colour."""
    drawn = Image.new("RGB", (400, 300), "#0f141b")
    for i in range(0, 400, 4):
        ImageDraw.Draw(drawn).line((i, 0, 400 - i, 300), fill=("#14b8a6", "#e6ebf2", "#8b5cf6")[i % 3])
    ImageDraw.Draw(drawn).rectangle((10, 200, 13, 203), fill="#db2777")
    png = io.BytesIO()
    drawn.save(png, "PNG")
    return png.getvalue()


def test_an_optimized_picture_is_smaller_and_keeps_size_and_colours():
    png = drawing()
    small = optimized(png)
    assert len(small) < len(png)
    opened, drawn = Image.open(io.BytesIO(small)), Image.open(io.BytesIO(png))
    assert opened.size == (400, 300)
    for place in ((11, 201), (399, 150), (200, 20)):
        pairs = zip(opened.convert("RGB").getpixel(place), drawn.getpixel(place), strict=True)
        assert all(abs(one - other) <= 2 for one, other in pairs)


def test_a_picture_has_as_many_colours_as_fit():
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    png = io.BytesIO()
    noise.save(png, "PNG")
    most, fewer = (len(optimized(png.getvalue(), colours)) for colours in (256, 64))
    assert len(within(png.getvalue(), most)) == most
    assert len(within(png.getvalue(), fewer)) <= fewer
    with pytest.raises(ValueError, match=r"at most 100 are allowed"):
        within(png.getvalue(), 100)


def test_the_animation_goes_apart_and_together_and_stays_at_its_ends():
    pictures = [_square(x) for x in (20, 60, 100, 140)]
    with Image.open(io.BytesIO(morph.animation(pictures))) as animation:
        assert animation.n_frames == 4 + 2
        assert animation.info["loop"] == 0


def _square(x: int) -> bytes:
    picture = Image.new("RGB", (400, 300), "#ffffff")
    ImageDraw.Draw(picture).rectangle((x, 100, x + 40, 140), fill="#0d9488")
    png = io.BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()


def test_the_recorded_animation_is_small_and_moves_and_has_a_still():
    with Image.open(FOLDER / morph.ANIMATION) as animation, Image.open(FOLDER / morph.STILL) as still:
        assert animation.n_frames >= 20
        assert animation.size == still.size
    assert (FOLDER / morph.ANIMATION).stat().st_size <= morph.MOST_BYTES
