"""The command `python -m backend.lesson_check`."""

import sys
from pathlib import Path

from backend.lesson_check import main

if __name__ == "__main__":
    sys.exit(main([Path(folder) for folder in sys.argv[1:]]))
