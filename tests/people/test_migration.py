"""What the ticks of before became: the migration that made consents of them, on the models as they were then."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Revision

from people.models import Consent, ConsentPage
from tests.people.conftest import NAME, case_study

pytestmark = pytest.mark.django_db

ENDS = "2027-03-31"
COLUMNS = ("consent bool NOT NULL DEFAULT false", "consent_until date NULL")


def as_before(page: Any, until: str | None, draft: dict[str, Any] | None = None) -> None:
    """Write the tick into row and version of a page; the newest version may say something else."""
    table = "library_casestudyperson"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET consent = true, consent_until = %s WHERE page_id = %s", [until, page.pk])
    revision = Revision.objects.get(pk=page.latest_revision_id)
    for row in revision.content["people"]:
        row |= {"consent": True, "consent_until": until} | (draft or {})
    revision.content["expire_at"] = "2027-03-31T22:00:00Z" if until else "2027-05-01T00:00:00Z"
    revision.save(update_fields=["content"])


def test_ticks_become_consents_and_no_version_keeps_one(library_index: Any) -> None:
    kept, changed = case_study(library_index), case_study(library_index, "ada", names=("Ada", "Ben"))
    with connection.cursor() as cursor:
        for column in COLUMNS:
            cursor.execute(f"ALTER TABLE library_casestudyperson ADD COLUMN {column}")
    as_before(kept, ENDS)
    # Ticked in what visitors see, taken back in a draft: what they see counts.
    as_before(changed, None, {"consent": False, "consent_until": None})
    states = MigrationLoader(connection).project_state([("people", "0001_consents"), ("library", "0003_known_names")])
    # The table of that state has no mailbox yet; the next migration adds it.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_consent DROP COLUMN mailbox")
    import_module("people.migrations.0002_from_case_studies").move(states.apps, None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_consent ADD COLUMN mailbox varchar(254) NOT NULL DEFAULT ''")
    found = {(one.chosen_name, one.valid_until, one.pages.get().page_id) for one in Consent.objects.all()}
    assert found == {
        (NAME, datetime.date(2027, 3, 31), kept.pk),
        ("Ada", None, changed.pk),
        ("Ben", None, changed.pk),
    }
    assert all("nachtragen" in one.proof_place and one.withdrawn_at is None for one in Consent.objects.all())
    assert ConsentPage.objects.count() == 3
    for page, expires in ((kept, None), (changed, "2027-05-01T00:00:00Z")):
        content = Revision.objects.get(pk=page.latest_revision_id).content
        assert content["expire_at"] == expires
        assert not any(key.startswith("consent") for row in content["people"] for key in row)
