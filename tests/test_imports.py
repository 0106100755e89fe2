"""The server process only draws: whatever it imports, Keras and TensorFlow are not among it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: Imports what the server does: the entry, every module but a worker's, and what each page's script asks for.
SERVER = """
import ast, importlib, pathlib, pkgutil, sys

import app, backend, components, pages
import backend.jobs.runtime, backend.worker.preload  # named by the server

asked = []
for package in (backend, components):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.startswith("backend.worker"):
            importlib.import_module(module.name)
            asked.append(module.name)
for page in pathlib.Path(pages.__path__[0]).glob("*.py"):
    imports = [n for n in ast.walk(ast.parse(page.read_text())) if isinstance(n, (ast.Import, ast.ImportFrom))]
    exec(compile(ast.Module(imports, []), page.name, "exec"))
    asked.append(page.name)
print(len(asked))
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"keras", "tensorflow", "jax", "torch"}))
"""


def test_the_server_s_modules_import_neither_keras_nor_tensorflow():
    done = subprocess.run(
        [sys.executable, "-c", SERVER], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    count, found = done.stdout.splitlines()[-2:]
    assert int(count) > 40, "so many modules there are at least"
    assert found == ""
