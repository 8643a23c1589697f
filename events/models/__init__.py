"""The page types of events: series with their dates, and the overview above them."""

from events.models.index import EventIndexPage
from events.models.series import EventDate, EventSeriesPage

__all__ = ["EventDate", "EventIndexPage", "EventSeriesPage"]
