"""The directory: regions, cooperation networks, their members and consultation."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Regions, cooperation networks and consultation."""

    name = "directory"
    verbose_name = "Verzeichnis"
