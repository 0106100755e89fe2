"""Nothing in a link is ever executed, displayed as anything but text, or part of a file name."""

from __future__ import annotations

import ast
import re

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.url import PARAMETERS, read_query
from backend.questions.claims import CLAIMS
from backend.training.export import notebook, script
from components.text import for_markdown, for_plotly

NASTY = [
    "__import__('os').system('id')", "'''", '"""', "\\", "\n", "\r\n", "\x00", "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "{{7*7}}", "${x}", "$x$", "];evil->[", '" label="', "../../etc/passwd", "%0a",
    "#", "\u202e", "\u2028", "\ud83d\ude00", "ﬀ", "ｅｖａｌ", "self", "class", "None", "lambda:0", "a.b.c", "a b",
    "é", "0",
    "-1",
]  # fmt: skip
nasty = st.lists(st.sampled_from(NASTY) | st.text(max_size=8), min_size=1, max_size=5).map("".join)
parts = nasty | st.sampled_from(["a", "level", "mean", "spike", "1", "8-4", ""])
fields = st.lists(parts, min_size=1, max_size=8).map(".".join)
queries = st.fixed_dictionaries(
    {"head": st.lists(fields, min_size=1, max_size=4)},
    optional={key: st.lists(nasty, min_size=1, max_size=2) for key in PARAMETERS},
)
PLAIN = re.compile(r"[a-z][a-z0-9_]{0,30}")


def calls(code: str) -> set[str]:
    """What `code` calls by name."""
    found = (node.func for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return {ast.unparse(called) for called in found if isinstance(called, ast.Name | ast.Attribute)}


@pytest.mark.slow
@given(queries)
def test_a_hostile_link_gives_harmless_source_script_notebook_and_file_name(query):
    experiment, _ = read_query(query)
    names = {head.name for head in experiment.architecture.heads}
    assert all(PLAIN.fullmatch(name) for name in names)
    assert re.fullmatch(r"[0-9a-f]{16}", experiment.key()), "what a file is called after"
    sources = [style.write(experiment.architecture) for style in experiment.styles()]
    cells = nbformat.reads(notebook(experiment), as_version=4).cells
    shown = [claim.code(experiment) for claim in CLAIMS.values() if not claim.inapplicable_reason(experiment)]
    code = [*sources, *shown, script(experiment), *(cell.source for cell in cells if cell.cell_type == "code")]
    for text in code:
        assert not calls(text) & {"eval", "exec", "compile", "open", "__import__", "getattr", "os.system"}
    whole = "\n".join([*code, notebook(experiment)])
    for fragment in ("script>", "onerror", "os').", "passwd", "{{7", "evil->", "\x00", "\u202e", "\\u202e"):
        assert fragment not in whole


@given(nasty)
def test_free_text_is_displayed_as_text(label):
    marked = for_markdown(label)
    assert "\n" not in marked
    assert not re.search(r"(?<!\\)[<>\[\]$`*_]", marked.replace("\\\\", ""))
    drawn = for_plotly(label)
    assert not re.search(r"[<>$]|\n", drawn)
