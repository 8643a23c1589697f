"""Addresses of the search: the page, its feed, and browse pages by concept."""

from django.urls import path

from search.web import feeds, views

app_name = "search"
urlpatterns = [
    path("suche/", views.search_page, name="search"),
    path("suche/feed/", feeds.search_feed, name="feed"),
    path("foerderschwerpunkt/<slug:slug>/", views.browse_focus, name="browse_focus"),
    path("zielgruppe/<slug:slug>/", views.browse_audience, name="browse_audience"),
]
