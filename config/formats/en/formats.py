"""English as read in Europe: 3 May 2026."""

DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "j F"
