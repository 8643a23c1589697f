"""What every app must forget when something about a person is deleted for good: apps listen, none knows the others."""

from __future__ import annotations

from django.dispatch import Signal

erasing = Signal()
"""Sent with `pages`, as specific pages, before they are deleted, in the transaction of the deletion."""

erased = Signal()
"""Sent after pages, files and versions were deleted, by whoever may take minutes: copies in caches are removed now."""
