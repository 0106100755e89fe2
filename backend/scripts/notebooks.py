"""What all notebooks share: cells with fixed ids, so that the same content gives the same file, and a Python kernel."""

from __future__ import annotations

from collections.abc import Iterable

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


def code(source: str, *, hidden: bool = False) -> NotebookNode:
    """A cell of code. Jupyter folds the source of one that is `hidden`; its output is visible."""
    return new_code_cell(source.strip(), metadata={"jupyter": {"source_hidden": True}} if hidden else {})


def words(text: str) -> NotebookNode:
    """A cell of Markdown."""
    return new_markdown_cell(text)


def written(cells: Iterable[NotebookNode]) -> str:
    """The notebook with these cells as nbformat 4 JSON."""
    numbered = list(cells)
    for i, cell in enumerate(numbered):
        cell["id"] = f"cell-{i}"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return str(nbformat.writes(new_notebook(cells=numbered, metadata=kernel)))
