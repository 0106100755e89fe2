"""The styles that can express an architecture."""

from backend.experiment.styles import STYLES


def able(architecture):
    return [style for style in STYLES.values() if not style.unsupported_reason(architecture)]
