"""The command `python -m backend.lesson_check`."""

import sys

from backend.lesson_check import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
