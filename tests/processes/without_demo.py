"""Settings of a site that does without the demo: the app is left out, and nobody can import it."""

import sys

from config.settings.dev import *  # noqa: F403
from config.settings.dev import INSTALLED_APPS as ALL_APPS

INSTALLED_APPS = [app for app in ALL_APPS if app != "demo"]
# Whoever imports it all the same fails.
sys.modules["demo"] = None
