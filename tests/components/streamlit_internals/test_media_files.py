"""A file that was made for a download is there until the browser has had time to get it."""

from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from components.streamlit_internals import media_files


def pressed(manager):
    """The id of a file that is made when its button is pressed."""
    placeholder = manager.add_deferred(lambda: "a,b", "text/csv", "0.0", "a.csv")
    return manager.execute_deferred(placeholder).rpartition("/")[2].partition(".")[0]


def test_a_file_that_was_made_for_a_download_outlives_the_runs_of_others():
    media_files.install()
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    manager.remove_orphaned_files()
    file = pressed(manager)
    for _ in range(100):
        manager.remove_orphaned_files()
    assert manager.read_file(file).content == b"a,b"
