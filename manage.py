#!/usr/bin/env python
"""Commands of this site: `python manage.py help` lists them."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canada_iraq.settings")

    from canada_iraq.operations import environment

    environment.refuse_missing_packages()  # before the first of them is imported
    from canada_iraq.operations.command_line import run

    run(sys.argv)
