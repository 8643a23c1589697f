"""Blocks that an app adds to other apps' streams: its config names them, so that the stream does not depend on the app.

They are read while models are imported, so a module of such blocks imports no models.
"""

from __future__ import annotations

from django.apps import apps
from django.utils.module_loading import import_string
from wagtail.blocks import Block


def added_blocks(stream: str) -> dict[str, Block]:
    """Return by name the blocks that apps add to a stream, as declared in `stream_blocks` of their configs."""
    return {
        name: import_string(path)()
        for config in apps.get_app_configs()
        for name, path in getattr(config, "stream_blocks", {}).get(stream, {}).items()
    }
