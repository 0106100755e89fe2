"""Importing our modules does not import Keras in the server, and opens no file, socket, thread or event loop.

This module also tests what the entry `app.py` defines if it has Streamlit's settings from its command line.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from components.layout import site

ROOT = Path(__file__).parents[1]

#: Records what our own code opens, by an audit hook. What Python's import system opens does not count: then one of its
#: frames is nearer to the call than ours. Neither do mistakes: like a module, each is a text that is read and closed.
WATCH = """
import sys, threading

REFUSED = {"open", "socket.__new__", "sqlite3.connect", "subprocess.Popen"}
found = []
watching = True
start = threading.Thread.start

def start_thread(thread):  # Python 3.11 has no audit event for it
    hook("thread", [thread.name], REFUSED | {"thread"})
    start(thread)

threading.Thread.start = start_thread

def hook(event, args, refused=REFUSED):
    if event not in refused or not watching:
        return
    if event == "open" and str(args[0]).startswith(ROOT + "/mistakes/"):
        return
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith("<frozen importlib") or "importlib/metadata" in file:
            return
        if file.startswith(ROOT + "/") and ".venv" not in file:
            found.append(f"{file.removeprefix(ROOT + '/')}:{frame.f_lineno} {event} {str(args[0])[:80]}")
            return
        frame = frame.f_back

sys.addaudithook(hook)
"""
#: Imports each of our modules that the server imports, and the entry. Prints the number of modules, the large libraries
#: that they import, and what our own code opens at import. Of the entry, it prints the paths of the pages, the allowed
#: origins without options and with an operator's options, and the number of recorded points of Speed. Fails if newly
#: built services hold a file, a socket, a thread or a worker.
SCRIPT = """
import ast, importlib, json, pathlib, pkgutil
import backend, components
server = [
    module.name
    for package in (backend, components)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if not module.name.startswith("backend.worker.")
]
for name in server:
    importlib.import_module(name)
watching = False
import gc, psutil
from backend.config.settings import Settings
from backend.services import Services
gc.collect()
held = psutil.Process().num_fds(), threading.active_count()
services = Services.build(Settings(workers=1, state_dir=ROOT))
assert (psutil.Process().num_fds(), threading.active_count()) == held, "services hold files or threads"
assert not services.jobs.workers()
from streamlit.web import bootstrap
bootstrap.load_config_options({})
import app, pages  # the entry, and what each page's script imports
import backend.worker.kinds, backend.worker.preload  # named by the server
for script in pathlib.Path(pages.__path__[0]).glob("*.py"):
    imports = [n for n in ast.walk(ast.parse(script.read_text())) if isinstance(n, (ast.Import, ast.ImportFrom))]
    exec(compile(ast.Module(imports, []), script.name, "exec"), {})
from backend.questions.speed.result import recorded
entry = [app.__file__, len(recorded().points), app.other_origins(), app.pages()]
bootstrap.load_config_options(
    {"browser_serverAddress": "Heads.example.org", "server_corsAllowedOrigins": ["https://Other.example.org/"]}
)
entry = [each if isinstance(each, (int, str)) else [*each] for each in (*entry, app.other_origins())]
libraries = sorted({name.partition(".")[0] for name in sys.modules} & {"keras", "tensorflow", "jax", "torch"})
print(json.dumps([len(server), libraries, found, entry]))
"""


def imports_of(root: Path) -> tuple[int, list[str], list[str], list[Any]]:
    """What the script prints."""
    done = subprocess.run(
        [sys.executable, "-c", f"ROOT = {str(root)!r}\n{WATCH}{SCRIPT}"],
        cwd=root, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    count, libraries, found, entry = json.loads(done.stdout)
    return count, libraries, found, entry


@pytest.mark.slow
def test_importing_a_module_of_the_server_opens_nothing_and_an_operator_can_name_the_host_that_a_proxy_hides():
    count, libraries, found, (_, points, without_options, paths, named) = imports_of(ROOT)
    assert count > 100, "there are at least this many modules"
    assert libraries == []
    assert found == []
    assert without_options == []
    names = {*site.BAR, *site.MORE, *site.APART, *site.HIDDEN}
    assert set(paths) == {"/" if name == site.ROOT else f"/{name}" for name in names}
    assert {*named} >= {"https://heads.example.org", "http://heads.example.org", "https://other.example.org"}
    assert points > 0
