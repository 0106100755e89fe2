"""A visitor opens a real `.keras` file: its architecture alone leaves the browser, and the finding is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


#: Where Keras keeps an object in memory, which it writes into a file.
_ID = re.compile(rb'(?<="shared_object_id": )\d+')


def saved(name: str, file: Path) -> Path:
    """Save the model of that name in `file`. Keras is imported here: only one of the test processes needs it."""
    from backend.worker.preload import set_threads

    set_threads()
    import keras

    from tests.builders.own_models import MODELS

    keras.utils.clear_session()  # the names of layers are those of the recordings, whatever was built before
    MODELS[name]().save(file)
    with ZipFile(file) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    ids = dict.fromkeys(_ID.findall(parts["config.json"]))
    numbers = {each: b"%d" % number for number, each in enumerate(ids)}
    parts["config.json"] = _ID.sub(lambda found: numbers[found[0]], parts["config.json"])
    with ZipFile(file, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return file


@pytest.mark.takes("Keras is imported, the server starts, and a worker builds both styles: 55 s on two busy cores")
def test_a_file_is_opened_without_its_weights_found_equal_and_brought_back_by_its_link(
    visitor: Callable[..., Visit], tmp_path: Path
) -> None:
    file = saved("forecaster", tmp_path / "model.keras")
    visit = visitor()
    page = visit.open("/own")
    sent: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda payload: sent.append(payload)))
    page.reload()
    opening = page.get_by_label(re.compile("Open a .keras file"))
    expect(opening).to_be_attached()
    sent.clear()
    opening.set_input_files(file)
    expect(page.get_by_text("16 heads that read the same 64 values")).to_be_visible()
    assert 1_000 < sum(map(len, sent)) < file.stat().st_size / 2
    assert not any("vars/0" in str(message) or "\\x89HDF" in str(message) for message in sent)
    expect(page.get_by_text("Measured in Keras")).to_be_visible()
    expect(page.get_by_label("One layer for these heads in Keras", exact=True)).to_contain_text("layers.Dense(16")
    expect(page.get_by_role("heading", name="Both styles have the same 1,024 edges into the heads")).to_be_visible()

    other = visitor().open(page.url.removeprefix(visit.url))
    expect(other.get_by_text("16 heads that read the same 64 values")).to_be_visible()
