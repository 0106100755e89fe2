"""What differs between two sources, and the source in coloured pieces."""

from hypothesis import given

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from components.code_panel import differences, tokens
from tests.builders.strategies import architectures


def marked(left, right):
    """The marked lines of both sources."""
    marks = differences(left, right)
    return tuple(
        [line.strip() for i, line in enumerate(source.splitlines()) if i in only]
        for source, only in zip((left, right), marks, strict=True)
    )


def test_the_threads_styles_differ_only_in_their_heads():
    thread = Architecture()
    left, right = marked(*(STYLES[key].write(thread) for key in ("sequential", "functional")))
    assert "layers.Dense(2)," in left
    assert {'level = layers.Dense(1, name="level")(x)', 'trend = layers.Dense(1, name="trend")(x)'} <= set(right)
    for shared in ("import keras", "LSTM(32", "Dense(8)", "Input("):
        assert not any(shared in line for line in left + right), shared


def test_the_same_layer_in_different_syntax_is_not_marked():
    assert differences("layers.Dense(8),", "x = layers.Dense(8)(x)") == (set(), set())
    assert differences("self.a = layers.LSTM(4, unroll=True)", "x = layers.LSTM(4, unroll=True)(x)") == (set(), set())
    assert differences("layers.Dense(8),", "x = layers.Dense(9)(x)") == ({0}, {0})


def test_empty_lines_are_never_marked():
    assert differences("a\n\n\nb", "a\nb") == (set(), set())


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


def test_tokens_have_the_kinds_that_are_coloured():
    (line,) = tokens('x = layers.Dense(8, activation="relu")  # eight')
    kinds = {text.strip(): kind for kind, text in line if text.strip()}
    assert kinds["8"] == "number"
    assert kinds["# eight"] == "comment"
    assert "string" in kinds.values()
    assert tokens("import keras")[0][0] == ["keyword", "import"]
