"""What importing our modules does: no Keras in the server, and no file, socket, thread or event loop opened."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: Imports what the server does: the entry, every module but the worker's, and what each page's script imports.
SERVER = """
import ast, importlib, pathlib, pkgutil, sys

import app, backend, components, pages
import backend.worker.kinds, backend.worker.preload  # named by the server

imported = []
for package in (backend, components):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.startswith("backend.worker"):
            importlib.import_module(module.name)
            imported.append(module.name)
for script in pathlib.Path(pages.__path__[0]).glob("*.py"):
    imports = [n for n in ast.walk(ast.parse(script.read_text())) if isinstance(n, (ast.Import, ast.ImportFrom))]
    exec(compile(ast.Module(imports, []), script.name, "exec"), {})
    imported.append(script.name)
print(len(imported))
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"keras", "tensorflow", "jax", "torch"}))
"""

#: Imports every module of ours, with an audit hook that lists what our own code opens at import. What Python's import
#: system opens, for us or for a library, does not count: one of its frames is then nearer than any of ours.
QUIET = """
import importlib, pkgutil, sys, threading

ROOT = sys.argv[1]
REFUSED = {"open", "socket.__new__", "sqlite3.connect", "subprocess.Popen"}
found = []
start = threading.Thread.start

def start_thread(thread):  # Python 3.11 has no audit event for it
    hook("thread", [thread.name], REFUSED | {"thread"})
    start(thread)

threading.Thread.start = start_thread

def hook(event, args, refused=REFUSED):
    if event not in refused:
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
import backend, components
count = 0
for package in (backend, components):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
        count += 1
print(count)
print(*found, sep="\\n")
"""


def run(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_server_imports_neither_keras_nor_tensorflow():
    count, found = run(SERVER)[-2:]
    assert int(count) > 40, "there are at least this many modules"
    assert found == ""


def test_importing_a_module_opens_no_file_socket_thread_or_event_loop():
    count, *found = run(QUIET)
    assert int(count) > 100, "there are at least this many modules"
    assert [line for line in found if line] == []


def test_the_check_of_imports_sees_what_it_refuses(tmp_path):
    """The check itself can fail: a module that opens a file, a loop and a thread is caught."""
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "__init__.py").write_text("")
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "__init__.py").write_text("")
    (tmp_path / "backend" / "loud.py").write_text(
        "import asyncio, threading\nopen(__file__).close()\nasyncio.new_event_loop().close()\n"
        "threading.Thread(target=print).start()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", QUIET, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert {line.split()[1] for line in done.stdout.splitlines() if "loud.py" in line} >= {"open", "socket.__new__"}
    assert any("thread" in line for line in done.stdout.splitlines())


#: What Streamlit documents, besides `streamlit` itself.
PUBLIC = ("streamlit.delta_generator", "streamlit.testing.v1", "streamlit.starlette")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "streamlit":  # of which some names are modules
                found |= {f"streamlit.{each.name}" for each in node.names}
    return {name for name in found if not name.startswith("streamlit.") or importlib.util.find_spec(name)}


def test_only_one_package_depends_on_streamlit_s_private_parts():
    room = ROOT / "components" / "streamlit_internals"
    product = [
        ROOT / "app.py",
        *(each for name in ("backend", "components", "pages") for each in (ROOT / name).rglob("*.py")),
    ]
    assert [
        (path.relative_to(ROOT).as_posix(), name)
        for path in product
        if not path.is_relative_to(room)
        for name in imported(path)
        if name.startswith("streamlit.") and name not in PUBLIC
    ] == []
    assert any(name.startswith("streamlit.runtime") for path in room.glob("*.py") for name in imported(path))
