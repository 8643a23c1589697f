"""What was deleted is in no file of the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from wagtail.models import Page

from core.running.compacting import compact
from tests.published import add_page


@pytest.mark.django_db(transaction=True)
def test_a_deleted_word_is_in_no_file_of_the_database(library_index: Page) -> None:
    page = add_page(library_index, "zaunkanarie", title="Zaunkanarie")
    database = Path(str(connection.settings_dict["NAME"]))
    files = [database, database.with_name(f"{database.name}-wal")]

    def held() -> bool:
        return any(b"zaunkanarie" in path.read_bytes().lower() for path in files if path.exists())

    assert held()
    page.revisions.all().delete()
    Page.objects.get(pk=page.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM wagtailcore_pagelogentry")
        cursor.execute("DELETE FROM search_outboxentry")
    assert held(), "rows alone do not do it"
    compact()
    assert not held()
