"""What the directory adds to the editors' admin."""

from __future__ import annotations

from wagtail import hooks

from directory.viewsets import DirectoryViewSetGroup


@hooks.register("register_admin_viewset")
def register_directory() -> DirectoryViewSetGroup:
    """Show members, regions and LaSuB sites in the menu."""
    return DirectoryViewSetGroup()
