"""Addresses of the Merkliste and of what visitors and partners send."""

from django.urls import path

from visitors import merkliste, missing, partner_links, views
from visitors.alerts import views as alerting
from visitors.contributing import views as contributing
from visitors.contributing.kinds import KINDS

app_name = "visitors"

urlpatterns = [
    path("merkliste/", merkliste.merkliste_page, name="merkliste"),
    path("merkliste/export/", merkliste.merkliste_export, name="merkliste_export"),
    path("barriere-melden/", views.report_barrier, name="report_barrier"),
    path("barriere-melden/danke/", views.barrier_reported, name="barrier_reported"),
    path("neues-per-mail/", alerting.alerts, name="alerts"),
    path("neues-per-mail/fast-fertig/", alerting.alert_asked, name="alert_asked"),
    path("partner-links/", partner_links.partner_links, name="partner_links"),
    path("suche/fehlt/", missing.missing, name="missing"),
    path("suche/fehlt/danke/", missing.missing_thanks, name="missing_thanks"),
    path(contributing.PLACE, contributing.overview, name="contribute"),
    *(
        path(f"{contributing.PLACE}{kind.path}/", contributing.FORMS[slug], name=f"contribute_{slug}")
        for slug, kind in KINDS.items()
    ),
    path(f"{contributing.PLACE}fast-fertig/", contributing.contribution_asked, name="contribution_asked"),
    path(f"{contributing.PLACE}danke/", contributing.contributed, name="contributed"),
]
