"""`python -m tests.golden.prepare COMMAND …`: a command of manage.py at the frozen moment.

The sample counts its dates from the day it is loaded; what the golden files show must not move with the calendar.
"""

from __future__ import annotations

import sys

from django.core.management import execute_from_command_line

from tests.golden.clock import frozen

if __name__ == "__main__":
    with frozen():
        execute_from_command_line(sys.argv)
