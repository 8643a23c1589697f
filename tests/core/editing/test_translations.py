"""The editors' report on twins, and both forms beside each other."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from core.models import User
from home.models import HomePage, InfoPage
from tests.core.output.test_languages import translated

REPORT = "/admin/reports/uebersetzungen/"


def titles(client: Client, **parameters: str) -> list[str]:
    text = client.get(REPORT, parameters).content.decode()
    return [title.strip() for title in re.findall(r'class="title-wrapper">\s*<a[^>]*>([^<]*)</a>', text)]


@pytest.mark.django_db
def test_the_report_names_what_is_missing_a_draft_or_outdated_and_leads_to_both_forms(
    library_index: Any, admin_user: User, client: Client
) -> None:
    client.force_login(admin_user)
    home = HomePage.objects.get(locale__language_code="de")
    translated(home, "da", "Fundus")
    imprint, privacy = (InfoPage.objects.get(slug=slug, locale=home.locale) for slug in ("impressum", "datenschutz"))
    twin = translated(imprint, "da", "Kolofon")
    translated(privacy, "da", "Databeskyttelse", live=False)
    assert titles(client, language="da", state="draft") == [privacy.title]
    assert titles(client, language="da", state="outdated") == []
    assert {imprint.title, home.title}.isdisjoint(titles(client, language="da", state="missing"))
    Page.objects.filter(pk=imprint.pk).update(last_published_at=timezone.now() + datetime.timedelta(minutes=1))
    assert titles(client, language="da", state="outdated") == [imprint.title]
    assert titles(client)[0] == imprint.title, "what misleads comes first"
    both = f"/admin/uebersetzungen/{imprint.pk}/{twin.pk}/"
    assert both in client.get(REPORT, {"language": "da"}).content.decode()
    frames = re.findall(r'<iframe src="([^"]*)"', client.get(both).content.decode())
    assert frames == [f"/admin/pages/{imprint.pk}/edit/", f"/admin/pages/{twin.pk}/edit/"]
    assert both in client.get(f"/admin/pages/{twin.pk}/edit/").content.decode()
    client.force_login(User.objects.create_user("gast"))
    assert client.get(both).status_code == 302, "nobody sees forms who may not use the admin"
