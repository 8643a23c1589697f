"""Settings of a site with one more app; nothing else knows it."""

from config.settings.dev import *  # noqa: F403
from config.settings.dev import INSTALLED_APPS as ALL_APPS

INSTALLED_APPS = ["tests.scratch_app", *ALL_APPS]
