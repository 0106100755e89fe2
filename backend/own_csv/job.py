"""The job that parses a visitor's CSV file in a worker."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.experiment.own_table import MOST_BYTES
from backend.jobs.messages import Payload


class ReadTableJob(Payload):
    """The payload of an `own_csv` job: the text of a file, within the bounds that `reader.text_of` checks.

    The result is its `Table`, or a sentence that says why the file has none.
    """

    kind = "own_csv"

    text: Annotated[str, Field(max_length=MOST_BYTES, repr=False)]
