"""The command line: `two-heads heads | fuse | split FILE [-o FILE]`, or `python -m two_heads`."""

from __future__ import annotations

import argparse
import os
import re
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from two_heads.heads import Heads


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0, or 1 with a sentence on standard error if the command fails."""
    parser = argparse.ArgumentParser(prog="two-heads", description="The heads of a Keras model in a file.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help_ in {
        "heads": "list the heads, and which of them can be one layer",
        "fuse": "fuse the heads that read the same tensor into one layer",
        "split": "split a head into several",
    }.items():
        command = commands.add_parser(name, help=help_, description=help_)
        command.add_argument("file", type=Path, metavar="FILE", help="a model that Keras saved, .keras or .h5")
        if name != "heads":
            command.add_argument("-o", "--output", type=Path, metavar="FILE", help=f"default: FILE-{name}.keras")
        if name != "split":
            command.add_argument("--one-output", action="store_true", help="the heads become one output")
    try:
        print(*_run(parser.parse_args(arguments)), sep="\n")
    except ImportError as error:
        print(f"{error}. Keras needs TensorFlow, JAX or PyTorch beside it.", file=sys.stderr)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
    else:
        return 0
    return 1


def _run(options: argparse.Namespace) -> list[str]:
    """Run the command, which may write a converted model. Returns the lines to print."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    from two_heads import find_heads, fuse_heads, split_heads

    file: Path = options.file
    target: Path = getattr(options, "output", None) or file.with_name(f"{file.stem}-{options.command}.keras")
    for is_wrong, why in (
        (target.suffix != ".keras", f"The name of the new file, {target.name}, has to end with .keras."),
        (target.resolve() == file.resolve(), f"The new file would replace {target}. Choose another name."),
        (
            file.suffix == ".keras" and not zipfile.is_zipfile(file),
            f"{file} is no whole .keras file: it is missing, no zip archive, or a part of one.",
        ),
    ):
        if is_wrong:
            raise ValueError(why)
    try:
        model: Any = keras.models.load_model(file)
    except Exception as error:  # a bad file can fail anywhere in Keras
        raise ValueError(f"Keras cannot load {file}. {_reason(error)}") from error
    try:
        if options.command == "heads":
            return list(map(_line, find_heads(model, keep_outputs=not options.one_output)))
        is_fuse = options.command == "fuse"
        done = fuse_heads(model, keep_outputs=not options.one_output) if is_fuse else split_heads(model)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    done.model.save(target)
    return [
        f"Wrote {target}.",
        f"The outputs differ by at most {done.max_difference:.2g} on random inputs.",
        f"loss_weights = {done.loss_weights}",
        done.why,
        *done.notes,
    ]


def _reason(error: Exception) -> str:
    """The first sentence of the last line of an error of Keras, or what it means."""
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "It needs more memory than there is."
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return re.split(r"(?<=\.) ", lines[-1].removeprefix("Exception encountered: "))[0].rstrip(".") + "."


def _line(group: Heads) -> str:
    """A group of heads in a line: the layers with their units, what they read, and whether they can be one layer."""
    heads = ", ".join(f"{name} ({units})" for name, units in zip(group.layers, group.units, strict=True))
    return f"{heads} read {group.reads}: {group.reason or 'they can be one layer.'}"


if __name__ == "__main__":
    sys.exit(main())
