"""An architecture with stacked layers and deep heads, and the styles that can express an architecture."""

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.styles import STYLES

WIDE = Architecture(
    timesteps=12,
    features=3,
    lstm=(6, 5),
    dense=(DenseLayer(units=4, activation="gelu"), DenseLayer(units=7)),
    heads=(
        Head.for_task("level", units=2, hidden=(3, 2)),
        Head.for_task("waveform", name="kind", units=5, hidden=(6,)),
    ),
)


def able(architecture):
    return [style for style in STYLES.values() if not style.unsupported_reason(architecture)]
