"""Addresses of the site's own that are no pages of the tree."""

from django.urls import path

from home import views

app_name = "home"

urlpatterns = [
    path("barriere-melden/", views.report_barrier, name="report_barrier"),
    path("barriere-melden/danke/", views.barrier_reported, name="barrier_reported"),
]
