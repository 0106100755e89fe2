"""Angles between gradients as the pages write them, so that the number agrees with the words beside it."""

from __future__ import annotations

from backend.words import short

#: The angles at which the words change: one direction, no help and no harm, opposite directions.
_TURNS = (0.0, 90.0, 180.0)


def degrees(angle: float, digits: int = 4) -> str:
    """`angle` (degrees) as text with `digits` significant digits: "129.5°".

    It has more digits if it is not 0°, 90° or 180° but would read as one of them: "90.000001°".
    """
    enough = next((more for more in range(digits, 17) if float(f"{angle:.{more}g}") not in _TURNS), digits)
    return f"{short(angle, digits) if angle < 1e-3 else f'{angle:.{enough}g}'}°"
