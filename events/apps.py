"""Event series and their dates."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Event series and their dates."""

    name = "events"
    verbose_name = "Termine"
    stream_blocks = {"body": {"next_dates": "events.stream_blocks.NextDatesBlock"}}
