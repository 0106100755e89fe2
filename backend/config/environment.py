"""Reads the operator's environment variables as settings, or refuses them with a sentence for each bad one.

`python -m backend.config.environment` only checks them, and the port and address that `make run` and the container use.
"""

from __future__ import annotations

import difflib
import os
import socket
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NoReturn

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from backend.config.settings import PREFIX, Settings, variable
from backend.words.schema import reason, schema_at

#: Variables with our prefix that compose.yaml reads. They reach the container through the file .env.
_OF_COMPOSE = {f"{PREFIX}USER"}
#: The most characters of a bad value that are shown.
_MOST_SHOWN = 80
_EXIT_STATUS = 2


class InvalidEnvironment(ValueError):
    """Invalid environment variables: `sentences` has one for each."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(self.sentences))


@cache
def settings() -> Settings:
    """The settings of this process, read from the environment once.

    Writes a line to standard error for each unknown variable with our prefix. A bad value ends the process: a sentence
    for each on standard error, exit status 2.
    """
    for sentence in unknown_variables(os.environ):
        say(sentence)
    try:
        return read()
    except InvalidEnvironment as invalid:
        stop(invalid.sentences)


def read() -> Settings:
    """The settings that the environment describes. Raises InvalidEnvironment, which names every bad variable."""
    try:
        return Settings()
    except ValidationError as invalid:
        raise InvalidEnvironment(map(_fault, invalid.errors(include_url=False))) from None


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each variable with our prefix that is not a setting, with the setting that may be meant."""
    known = [variable(name) for name in Settings.model_fields]
    sentences = []
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in {*known, *_OF_COMPOSE}:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.8)
            meant = f" Did you mean {near[0]}?" if near else ""
            sentences.append(f"{name} is not a setting and is ignored.{meant}")
    return sentences


def listening_faults(environment: Mapping[str, str]) -> list[str]:
    """A sentence for PORT, and one for ADDRESS, if no server can listen on it."""
    sentences = []
    port, address = environment.get("PORT") or "8501", environment.get("ADDRESS") or "127.0.0.1"
    if not (port.isdecimal() and port.isascii() and 1 <= int(port[:9]) <= 65535):
        sentences.append(_sentence("PORT", port, "it takes a whole number from 1 to 65535"))
    try:
        socket.getaddrinfo(address, None, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        sentences.append(_sentence("ADDRESS", address, "it takes an address of this machine (127.0.0.1, 0.0.0.0)"))
    return sentences


def _fault(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    schema = schema_at(Settings, (name,))
    value = "…" if "password" in str(schema) else error["input"] or ""
    return _sentence(variable(name), value, reason(error, schema))


def _sentence(name: str, value: object, why: str) -> str:
    text = str(value)
    short = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    return f"{name}={short!r}: {why}."


def say(sentence: str) -> None:
    """Write a line for the operator to standard error."""
    print(f"Two Heads: {sentence}", file=sys.stderr, flush=True)


def stop(sentences: Iterable[str]) -> NoReturn:
    """End the process with these sentences on standard error."""
    for sentence in sentences:
        say(sentence)
    sys.exit(_EXIT_STATUS)


def main() -> None:
    """Check all variables; exit status 2 if one is bad."""
    sentences = listening_faults(os.environ)
    try:
        read()
    except InvalidEnvironment as invalid:
        sentences += invalid.sentences
    if sentences:
        stop([*unknown_variables(os.environ), *sentences])


if __name__ == "__main__":
    main()
