"""What all tests share: quiet TensorFlow, and Hypothesis without a stopwatch (the cores are shared)."""

import os

from hypothesis import settings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
settings.register_profile("two heads", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=1000)  # pytest --hypothesis-profile=thorough
settings.load_profile("two heads")
