"""What the library adds to the editors' admin."""

from __future__ import annotations

from wagtail import hooks

from library.viewsets import VocabularyGroup


@hooks.register("register_admin_viewset")
def register_vocabularies() -> VocabularyGroup:
    """Show the vocabularies in the menu."""
    return VocabularyGroup()
