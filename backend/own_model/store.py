"""The architectures of visitors' own models, in the database, found by an id that is made of their content."""

from __future__ import annotations

import json
import zlib
from functools import partial

from backend.database import Database
from backend.database.content import ContentStore
from backend.database.quota import Quota
from backend.database.tables import own_networks
from backend.own_network import json_text
from backend.own_network.reader import read
from backend.own_network.refusal import Refused

#: The most architectures that are stored, and the most bytes of all of them. The oldest are deleted first.
MOST_STORED, MOST_BYTES = 5_000, 64_000_000
#: The most new architectures of one visitor and of one network (a class may share one) in a day.
OF_VISITOR, OF_NETWORK = 50, 1_000
#: What is stored of a configuration. How the model was compiled is not.
_KEPT = ("module", "class_name", "registered_name", "config", "name")


class OwnNetworks:
    """Stored architectures. Writes happen in the background. Safe from any thread."""

    def __init__(
        self, database: Database, days: float = 90, most: int = MOST_STORED, most_bytes: int = MOST_BYTES
    ) -> None:
        self._stored = ContentStore(database, own_networks, _text, days, most, most_bytes)
        self._quota = Quota("models", OF_VISITOR, OF_NETWORK, partial(Refused, at_home=False))

    @property
    def days(self) -> float:
        """The days after which an architecture is deleted, unless it is opened from a file again."""
        return self._stored.days

    def keep(self, text: str, visitor: str = "", network: str = "") -> str:
        """Store the architecture in a configuration, and return its id.

        Raises `Refused` if the app does not read it, or if the visitor or the network has stored as many as it may in a
        day. Only architectures that could be read are stored.
        """
        architecture = {key: value for key, value in json_text.parse(text).items() if key in _KEPT}
        text = json.dumps(architecture, separators=(",", ":"))
        read(text)
        id = json_text.id_of(text)
        self._quota.count(id, visitor, network)
        self._stored.keep(id, text, zlib.compress(text.encode(), 9))
        return id

    def find(self, id: str) -> str | None:
        """The configuration with that id; None if there is none. Raises `Unavailable` without the database."""
        return self._stored.find(id)

    def delete(self, id: str) -> None:
        """Delete the architecture with that id, for everybody who has the link."""
        self._stored.delete(id)


def _text(packed: bytes) -> str:
    return zlib.decompress(packed).decode()
