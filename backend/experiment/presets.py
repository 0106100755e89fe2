"""Ready-made experiments: the network of the thread first, then one for each feature of the page."""

from __future__ import annotations

from urllib.parse import parse_qs

from backend.experiment import Experiment
from backend.experiment.url import read_query

THREAD = "The thread's network"
THREAD_SGD = "The same with plain SGD"
WEATHER_PRESET = "Seattle's weather"

#: Each preset by its name: its settings, as in a link, and what it teaches, in a sentence.
_TABLE = {
    THREAD: ("", "two heads on one trunk. Both styles have the same parameters, but their total losses differ."),
    THREAD_SGD: (
        "optimizer=sgd&learning_rate=0.01",
        "the larger total of Functional now makes larger steps. Adam cancels that.",
    ),
    "Equal totals": (
        "combine=mean",
        "the mean of the losses, not their sum. For equal predictions, both styles report the same total.",
    ),
    "A related pair of tasks": (
        "relatedness=0.9&head=related_a&head=related_b",
        "two tasks with much in common. Change their relatedness.",
    ),
    "Eight heads": (
        "features=4&head=level&head=last&head=trend&head=frequency"
        "&head=level_2.level&head=last_2.last&head=trend_2.trend&head=frequency_2.frequency",
        "for equal predictions, eight losses add up to eight times the one loss of a fused output.",
    ),
    "Three kinds of tasks": (
        "timesteps=16&right=subclassing&head=trend&head=spike...8&head=waveform..4.16",
        "a number, a yes or no, and a class. Two styles have a layer for each head.",
    ),
    "A deeper trunk": (
        "lstm=32,32&dense=32:relu,8:relu",
        "two LSTM and two Dense layers. The heads read only the last one.",
    ),
    WEATHER_PRESET: (
        "data=weather",
        "real data. Two tasks with one kind of loss, which a fused output can have, too.",
    ),
    "Seattle's weather, four tasks": (
        "data=weather&left=functional&right=subclassing&head=temp_max&head=wind&head=rain&head=weather",
        "two numbers, a yes or no, and a class. No fused output can have their losses.",
    ),
}
PRESETS: dict[str, Experiment] = {name: read_query(parse_qs(link))[0] for name, (link, _) in _TABLE.items()}
LESSONS: dict[str, str] = {name: lesson for name, (_, lesson) in _TABLE.items()}
