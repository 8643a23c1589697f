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
        from directory.answers.consultation import ConsultationAnswer
        from directory.answers.networks import NetworkAnswer
        from directory.models import Member, Office, Region

        versions.follow(Region, Office, Member)
        register(NetworkAnswer())
        register(ConsultationAnswer())
