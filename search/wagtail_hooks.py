"""What the search adds to Wagtail's admin."""

from wagtail import hooks

from search.viewsets import SearchViewSetGroup


@hooks.register("register_admin_viewset")
def register_search_viewsets() -> SearchViewSetGroup:
    """Register the menu with pins, synonyms and words."""
    return SearchViewSetGroup()
