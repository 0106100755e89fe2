"""What importing our modules does: no Keras in the server, and no file, socket, thread or event loop opened."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

from tests.shared import once

ROOT = Path(__file__).parents[1]

#: Imports every module of ours, first those that the server imports. Prints how many these are and which of the large
#: libraries they import, then how many there are in all and what our own code opens at import, by an audit hook. What
#: Python's import system opens, for us or for a library, does not count: one of its frames is then nearer than ours.
SCRIPT = """
import ast, importlib, pathlib, pkgutil, sys, threading

ROOT = sys.argv[1]
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
modules = [
    module.name
    for package in (backend, components)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
]
server = [name for name in modules if not name.startswith("backend.worker")]
for name in server:
    importlib.import_module(name)
if "app.py" in {path.name for path in pathlib.Path(ROOT).iterdir()}:
    watching = False
    import app, pages  # the entry, and what each page's script imports
    import backend.worker.kinds, backend.worker.preload  # named by the server
    for script in pathlib.Path(pages.__path__[0]).glob("*.py"):
        imports = [n for n in ast.walk(ast.parse(script.read_text())) if isinstance(n, (ast.Import, ast.ImportFrom))]
        exec(compile(ast.Module(imports, []), script.name, "exec"), {})
    watching = True
print(len(server), *sorted({name.partition(".")[0] for name in sys.modules} & {"keras", "tensorflow", "jax", "torch"}))
for name in modules:
    importlib.import_module(name)
print(len(modules))
print(*found, sep="\\n")
"""


def imports_of(root: Path) -> list[str]:
    """What the script prints."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(root)], cwd=root, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_server_imports_neither_keras_nor_tensorflow():
    count, *libraries = once("imports", lambda: imports_of(ROOT))[0].split()
    assert int(count) > 40, "there are at least this many modules"
    assert libraries == []


def test_importing_a_module_opens_no_file_socket_thread_or_event_loop():
    _, count, *found = once("imports", lambda: imports_of(ROOT))
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
    found = [line.split()[1] for line in imports_of(tmp_path) if "loud.py" in line]
    assert {*found} >= {"open", "socket.__new__", "thread"}


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
        if not path.is_relative_to(room) and "streamlit" in path.read_text()
        for name in imported(path)
        if name.startswith("streamlit.") and name not in PUBLIC
    ] == []
    assert any(name.startswith("streamlit.runtime") for path in room.glob("*.py") for name in imported(path))
