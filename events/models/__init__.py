"""The page types of events and their dates, one module per subject."""

from events.models.dates import SAME_START, EventDate, Format, State
from events.models.inviting import EventHost
from events.models.overview import EventIndexPage
from events.models.series import Cadence, EventSeriesPage

__all__ = [
    "SAME_START",
    "Cadence",
    "EventDate",
    "EventHost",
    "EventIndexPage",
    "EventSeriesPage",
    "Format",
    "State",
]
