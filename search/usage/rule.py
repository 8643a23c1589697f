"""From when on a count is shown: one rule for all counts."""

from __future__ import annotations

USES_LEAST, DAYS_LEAST = 5, 3
"""A search is shown or suggested from this many uses on this many days: then it identifies nobody."""
