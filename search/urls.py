"""URLs of the search: the page, its feed, and browse pages by concept."""

from django.urls import path

from search.facets.facets import BROWSED
from search.web import feeds, views

app_name = "search"
urlpatterns = [
    path("suche/", views.search_page, name="search"),
    path("suche/feed/", feeds.search_feed, name="feed"),
    *(
        path(f"{facet.browsed_at}/<slug:slug>/", views.browse, {"facet": facet.name}, name=f"browse_{facet.name}")
        for facet in BROWSED
    ),
]
