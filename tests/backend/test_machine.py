"""The description of this machine."""

import os

from backend.machine import Machine, this_machine


def test_this_machine_names_itself_and_its_software():
    machine = this_machine()
    assert machine.cores == os.cpu_count()
    assert machine.cpu.strip()
    assert {"Python", "Keras", "TensorFlow", "NumPy"} == set(machine.versions)
    assert machine.load >= 0
    assert Machine.model_validate_json(machine.model_dump_json()) == machine
    assert f"{machine.cores} core" in machine.name
    assert f"Keras {machine.versions['Keras']}" in machine.software
