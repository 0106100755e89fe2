"""Angles between gradients as the pages write them, so that the number agrees with the words beside it."""

from __future__ import annotations

from backend.words import short

#: Where the words change: gradients of one direction, gradients that neither help nor harm each other, opposite ones.
_TURNS = (0.0, 90.0, 180.0)


def degrees(angle: float, digits: int = 4) -> str:
    """`angle` with that many significant digits: "129.5°".

    It has more digits if it would otherwise read as one of 0°, 90° and 180°, and is not: "90.000001°".
    """
    enough = next((more for more in range(digits, 17) if float(f"{angle:.{more}g}") not in _TURNS), digits)
    return f"{short(angle, digits) if angle < 1e-3 else f'{angle:.{enough}g}'}°"
