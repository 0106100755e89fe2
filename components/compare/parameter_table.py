"""Each layer with its output shape and the calculation of its parameter count, beside Keras's count."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from backend.experiment.architecture import Architecture
from backend.experiment.styles import Style
from backend.network.parameters import Layer, layers

_ROWS_IN_VIEW = 14


def show(architecture: Architecture, style: Style, keras_counts: Mapping[str, int] | None) -> None:
    """Draw the table; `keras_counts` are Keras's counts by layer name, None until Keras has reported them."""
    table = frame(architecture, style, keras_counts)
    with st.container(height=520 if len(table) > _ROWS_IN_VIEW else "content", border=False):
        st.table(table)


def frame(architecture: Architecture, style: Style, keras_counts: Mapping[str, int] | None) -> pd.DataFrame:
    """The table: one row per layer, then the total."""
    rows = layers(architecture, style)
    total = sum(row.parameters for row in rows)
    table = [
        {
            "Layer": _title(row),
            "Output": f"(batch, {', '.join(map(str, row.output_shape))})",
            "Parameters": row.formula or "none",
            "Keras": ""
            if row.kind == "Input"
            else _check(row.parameters, None if keras_counts is None else keras_counts.get(row.name)),
        }
        for row in rows
    ]
    sums = " + ".join(f"{row.parameters:,}" for row in rows if row.parameters)
    everything = None if keras_counts is None else sum(keras_counts.values())
    calculation = f"{sums} = {total:,}" if len(rows) <= _ROWS_IN_VIEW else f"{total:,}"
    table.append({"Layer": "total", "Output": "", "Parameters": calculation, "Keras": _check(total, everything)})
    return pd.DataFrame(table).set_index("Layer")


def _title(row: Layer) -> str:
    """The layer's name, with its kind or its head if the name does not contain it."""
    if row.kind == "Input":
        return "input"
    if row.head is None:
        return row.name
    return f"{row.name} ({row.kind})" if row.name == row.head else f"{row.name} (head {row.head})"


def _check(ours: int, keras: int | None) -> str:
    if keras is None:
        return "…"
    return f":green[✓ {keras:,}]" if ours == keras else f":red[✗ {keras:,}]"
