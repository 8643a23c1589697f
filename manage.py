#!/usr/bin/env python
"""Django's command line for Fundus; without a setting it uses the developer's settings."""

import gc
import os
import sys


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    # A fifth of a start went into looking for garbage among modules that are being loaded, where there is none.
    gc.set_threshold(50_000, 20, 100)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
