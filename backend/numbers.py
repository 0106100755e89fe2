"""Numbers as people read them: 0.0074, 3.0 × 10⁻⁸."""

from __future__ import annotations

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float) -> str:
    """`value` with two significant digits; powers of ten below 0.001 and from 100,000 on."""
    if not math.isfinite(value):
        return "NaN or infinite"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        rounded = float(f"{value:.2g}")
        return f"{rounded:,.0f}" if abs(rounded) >= 10 else f"{rounded:g}"
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"
