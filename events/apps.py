"""Event series and their dates."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Event series and their dates."""

    name = "events"
    verbose_name = "Termine"
    stream_blocks = {"body": {"next_dates": "events.stream_blocks.NextDatesBlock"}}

    def ready(self) -> None:
        """Register who answers questions for dates, and the next date of a network for its card."""
        from core.declared.answers import add_fact, register
        from events.answers.events import EventAnswer, next_date_of

        register(EventAnswer())
        add_fact("event", next_date_of)
