"""The directory: regions, cooperation networks, their members and consultation."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Regions, cooperation networks and consultation."""

    name = "directory"
    verbose_name = "Verzeichnis"

    def ready(self) -> None:
        """Follow what the table of places is made of, and register who answers questions."""
        from core import versions
        from core.declared.answers import register
        from core.declared.rules import know_names
        from directory.answers.consultation import ConsultationAnswer
        from directory.answers.networks import NetworkAnswer
        from directory.models import Member, Office, Region
        from directory.places import is_place

        versions.follow(Region, Office, Member)
        know_names("places", is_place)
        register(NetworkAnswer())
        register(ConsultationAnswer())
