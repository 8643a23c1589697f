"""Addresses of the Merkliste and of what visitors and partners send."""

from django.urls import path

from visitors import merkliste, missing, partner_links, views

app_name = "visitors"

urlpatterns = [
    path("merkliste/", merkliste.merkliste_page, name="merkliste"),
    path("merkliste/export/", merkliste.merkliste_export, name="merkliste_export"),
    path("barriere-melden/", views.report_barrier, name="report_barrier"),
    path("barriere-melden/danke/", views.barrier_reported, name="barrier_reported"),
    path("partner-links/", partner_links.partner_links, name="partner_links"),
    path("suche/fehlt/", missing.missing, name="missing"),
    path("suche/fehlt/danke/", missing.missing_thanks, name="missing_thanks"),
]
