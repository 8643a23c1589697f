"""Blocks that an app adds to the streams of others: its config names them, so that the stream need not know the app.

Read while models are imported: a module of such blocks imports no models.
"""

from __future__ import annotations

from django.apps import apps
from django.utils.module_loading import import_string
from wagtail.blocks import Block


def added_blocks(stream: str) -> dict[str, Block]:
    """Return by name the blocks that apps add to a stream, as `stream_blocks` of their configs has them."""
    return {
        name: import_string(path)()
        for config in apps.get_app_configs()
        for name, path in getattr(config, "stream_blocks", {}).get(stream, {}).items()
    }
