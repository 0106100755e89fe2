"""Visitors' own models in the database: the architecture and what a worker has found in it, by an id of its content."""

from __future__ import annotations

import json
import zlib
from functools import partial
from hashlib import sha256

from pydantic import ValidationError

from backend.database import Database, Unavailable
from backend.database.content import ContentStore
from backend.database.quota import Quota
from backend.database.tables import own_networks
from backend.experiment.architecture import Frozen
from backend.own_model import allowed
from backend.own_model.found import Found
from backend.own_model.refusal import ModelRefused

#: The most models that are stored, and the most bytes of all of them. The oldest are deleted first.
MOST_STORED, MOST_BYTES = 5_000, 64_000_000
#: The most new models of one visitor and of one network (a class may share one) in a day.
OF_VISITOR, OF_NETWORK = 50, 1_000
#: Digits of an id. Ids are so long that nobody can guess one without the architecture.
_DIGITS = 32


class OwnModel(Frozen):
    """A configuration as Keras gets it, and what a worker has found in the model; None before that."""

    text: str
    found: Found | None = None


class OwnModels:
    """Stored models. Writes happen in the background. Safe from any thread."""

    def __init__(
        self, database: Database, days: float = 90, most: int = MOST_STORED, most_bytes: int = MOST_BYTES
    ) -> None:
        self._stored = ContentStore(database, own_networks, _read, days, most, most_bytes)
        self._quota = Quota("models", OF_VISITOR, OF_NETWORK, partial(ModelRefused, at_home=False))

    @property
    def days(self) -> float:
        """The days after which a model is deleted, unless it is opened from a file again."""
        return self._stored.days

    def keep(self, text: str, visitor: str = "", network: str = "") -> str:
        """Store the architecture in a configuration, made anew by `allowed.rebuilt`, and return its id.

        Raises `ModelRefused` if the app does not read it, or if the visitor or the network has stored as many as it may
        in a day.
        """
        text = allowed.rebuilt(text)
        id = sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
        self._quota.count(id, visitor, network)
        try:
            known = self.find(id)
        except Unavailable:
            known = None
        self._write(id, known or OwnModel(text=text))
        return id

    def add(self, id: str, model: OwnModel, found: Found) -> None:
        """Store what a worker has found in a stored model."""
        self._write(id, model.model_copy(update={"found": found}))

    def find(self, id: str) -> OwnModel | None:
        """The model with that id; None if there is none. Raises `Unavailable` without the database."""
        return self._stored.find(id)

    def delete(self, id: str) -> None:
        """Delete the model with that id, for everybody who has the link."""
        self._stored.delete(id)

    def _write(self, id: str, model: OwnModel) -> None:
        self._stored.keep(id, model, zlib.compress(model.model_dump_json().encode(), 9))


def _read(packed: bytes) -> OwnModel:
    text = zlib.decompress(packed).decode()
    try:
        return OwnModel.model_validate_json(text)
    except ValidationError:  # earlier versions stored the configuration alone, or what was found in another form
        return OwnModel(text=json.loads(text).get("text", text))
