"""Entry point to install the packages of a lock file: `python3 -m canada_iraq.environment requirements.txt`."""

import sys

from canada_iraq.operations.environment import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
