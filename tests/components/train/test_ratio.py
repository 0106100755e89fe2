"""The ratio of the totals: its number, and how it varied."""

from components.train import ratio
from tests.builders.epochs import epochs


def varied(*ratios):
    ran = epochs(len(ratios), validation=None)
    for epoch, value in zip(ran, ratios, strict=True):
        epoch.right.total = value * epoch.left.total
    return ran


def test_the_last_ratio_stands_beside_its_range():
    assert ratio.of(varied(2.0, 2.0)) == ("2.00", "After epoch 2. In every epoch, it was about 2.")
    assert ratio.of(varied(2.0, 1.5, 2.5, 2.4)) == (
        "2.40",
        "After epoch 4. In every epoch, it was between 1.5 and 2.5.",
    )
    assert ratio.of(varied(2.0, float("nan"), float("inf"))) == ("none", "After epoch 3.")
    assert ratio.of(varied(2.0, 1.5, float("nan")))[1].endswith("Where it is finite, it was between 1.5 and 2.")


def test_of_several_seeds_it_is_the_median_of_those_that_reached_the_epoch():
    ran = [
        *epochs(4, seed=0, validation=None, ratio=1.5), *epochs(4, seed=1, validation=None, ratio=2.5),
        *epochs(2, seed=2, validation=None, ratio=3.5),
    ]  # fmt: skip
    assert ratio.of(ran) == ("2.00", "After epoch 4, median of 2 seeds. In every epoch, it was between 2 and 2.5.")
