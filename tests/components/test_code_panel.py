"""What differs between two sources, and the source in coloured pieces."""

from hypothesis import given

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from components.code_panel import _tokens, differences
from tests.strategies import architectures


def marked(left, right):
    """The marked lines of both sources."""
    marks = differences(left, right)
    return tuple(
        [line.strip() for i, line in enumerate(source.splitlines()) if i in only]
        for source, only in zip((left, right), marks, strict=True)
    )


def test_the_threads_styles_differ_in_their_heads_and_in_nothing_shared():
    thread = Architecture()
    left, right = marked(*(STYLES[key].write(thread) for key in ("sequential", "functional")))
    assert "layers.Dense(2)," in left
    assert {'mean = layers.Dense(1, name="mean")(x)', 'trend = layers.Dense(1, name="trend")(x)'} <= set(right)
    for shared in ("import keras", "LSTM(32", "Dense(8)", "Input("):
        assert not any(shared in line for line in left + right), shared


def test_a_layer_is_the_same_layer_however_it_is_called():
    assert differences("layers.Dense(8),", "x = layers.Dense(8)(x)") == (set(), set())
    assert differences("self.a = layers.LSTM(4, unroll=True)", "x = layers.LSTM(4, unroll=True)(x)") == (set(), set())
    assert differences("layers.Dense(8),", "x = layers.Dense(9)(x)") == ({0}, {0})


def test_empty_lines_are_never_marked():
    assert differences("a\n\n\nb", "a\nb") == (set(), set())


@given(architectures(small=True))
def test_equal_sources_differ_nowhere_and_all_marks_are_lines(architecture):
    sources = [style.write(architecture) for style in STYLES.values() if style.unsupported_reason(architecture) is None]
    for source in sources:
        assert differences(source, source) == (set(), set())
        left, right = differences(sources[0], source)
        assert left <= set(range(len(sources[0].splitlines())))
        assert right <= set(range(len(source.splitlines())))


@given(architectures(small=True))
def test_the_pieces_are_the_source_letter_by_letter(architecture):
    for style in STYLES.values():
        if style.unsupported_reason(architecture) is None:
            source = style.write(architecture)
            assert "\n".join("".join(text for _, text in line) for line in _tokens(source)) == source.rstrip("\n")


def test_pieces_have_the_kinds_that_are_coloured():
    (line,) = _tokens('x = layers.Dense(8, activation="relu")  # eight')
    kinds = {text.strip(): kind for kind, text in line if text.strip()}
    assert kinds["8"] == "number"
    assert kinds["# eight"] == "comment"
    assert "string" in kinds.values()
    assert _tokens("import keras")[0][0] == ["keyword", "import"]
