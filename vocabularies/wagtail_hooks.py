"""The vocabularies in the editors' menu."""

from __future__ import annotations

from wagtail import hooks

from vocabularies.viewsets import VocabularyGroup


@hooks.register("register_admin_viewset")
def register_vocabularies() -> VocabularyGroup:
    """Show the vocabularies in the menu."""
    return VocabularyGroup()
