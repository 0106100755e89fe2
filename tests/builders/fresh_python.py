"""A Python process with Keras and no code of ours, which runs the scripts that visitors download."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from backend.experiment.sources import SOURCES, File

#: Imports Keras once, which takes 3 s, and forks for each script, so that scripts do not affect each other.
_FORKS = """
import os, sys, traceback
import keras

for line in sys.stdin:
    script = line.rstrip("\\n")
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    code = 1
    try:
        os.dup2(os.open(script + ".out", os.O_CREAT | os.O_WRONLY), 1)
        os.dup2(os.open(script + ".err", os.O_CREAT | os.O_WRONLY), 2)
        os.chdir(os.path.dirname(script))
        exec(compile(open(script).read(), script, "exec"), {"__name__": "__main__"})
        code = 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush(), sys.stderr.flush()
    os._exit(code)
"""


@cache
def _keras_is_imported() -> subprocess.Popen[str]:
    """A process that has imported Keras, and runs each script whose path it reads. It prints the script's exit code.

    It is isolated: it has neither PYTHONPATH nor our folder. It ends when its input ends, with this process.
    """
    environment = {"HOME": os.environ.get("HOME", "/"), "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _FORKS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment,
        text=True,
    )


def printed(source: str, *files: File) -> str:
    """What this source prints, run in a folder that has these files and the recordings that it names.

    The test fails if the source raises an error.
    """
    python = _keras_is_imported()
    assert python.stdin
    assert python.stdout
    with TemporaryDirectory() as folder:
        script = Path(folder, "script.py")
        script.write_text(source, encoding="utf-8")
        for each in SOURCES.values():
            if each.file and each.file.name in source:
                shutil.copy(each.file, folder)
        for file in files:
            Path(folder, file.name).write_bytes(file.read_bytes())
        print(script, file=python.stdin, flush=True)
        code = python.stdout.readline()
        assert code == "0\n", Path(f"{script}.err").read_text(encoding="utf-8")
        return Path(f"{script}.out").read_text(encoding="utf-8")


def round_off(text: str) -> list[float]:
    """How far the losses of each seed differ after a change in the last digit of the weights, as a script prints it."""
    return [float(found) / 100 for found in re.findall(r"^round-off: .* by up to ([\d.e+-]+)%$", text, re.M)]
