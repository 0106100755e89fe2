"""Labels of pairs of heads."""

from components.lab.pairs import labels


def test_each_pair_has_a_label_of_its_own():
    pairs = [(0, 1), (0, 2), (1, 2)]
    assert labels(pairs, ["a", "b", "c"]) == ["a, b", "a, c", "b, c"]
    long = "x" * 50
    assert len(set(labels(pairs, [long + "1", long + "2", "c"]))) == 3
