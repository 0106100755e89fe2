"""What differs between two sources, and the source in coloured pieces."""

from hypothesis import given

from backend.experiment.styles import STYLES
from components.code_panel import differences, tokens
from tests.builders.strategies import architectures


def test_the_same_layer_in_different_syntax_is_not_marked():
    assert differences("layers.Dense(8),", "x = layers.Dense(8)(x)") == (set(), set())
    assert differences("self.a = layers.LSTM(4, unroll=True)", "x = layers.LSTM(4, unroll=True)(x)") == (set(), set())
    assert differences("layers.Dense(8),", "x = layers.Dense(9)(x)") == ({0}, {0})


@given(architectures(small=True))
def test_equal_sources_have_no_marks_and_marks_are_line_numbers(architecture):
    sources = [style.write(architecture) for style in STYLES.values() if style.unsupported_reason(architecture) is None]
    for source in sources:
        assert differences(source, source) == (set(), set())
        left, right = differences(sources[0], source)
        assert left <= set(range(len(sources[0].splitlines())))
        assert right <= set(range(len(source.splitlines())))


@given(architectures(small=True))
def test_the_tokens_join_to_the_source(architecture):
    for style in STYLES.values():
        if style.unsupported_reason(architecture) is None:
            source = style.write(architecture)
            assert "\n".join("".join(text for _, text in line) for line in tokens(source)) == source.rstrip("\n")
