"""Forms that steer the search open with what the address holds, as far as it fits."""

from __future__ import annotations

import pytest
from django.test import Client

from library.models import LibraryIndexPage
from tests.published import add_page


@pytest.mark.parametrize("page", ["abc", "", "-1", "0", "99999999999999999999", "9" * 5000, "²"])
def test_a_page_that_is_none_is_ignored(admin_client: Client, page: str) -> None:
    answer = admin_client.get("/admin/pin/new/", {"page": page, "query": "lesen", "start": "morgen", "id": "x"})
    assert answer.status_code == 200
    initial = answer.context["form"].initial
    assert initial["query"] == "lesen"
    assert not {"page", "start", "id"} & set(initial)


def test_a_page_that_exists_is_chosen(admin_client: Client, library: LibraryIndexPage) -> None:
    page = add_page(library, "seite", title="Die Seite")
    answer = admin_client.get("/admin/pin/new/", {"page": str(page.pk), "query": "lesen"})
    assert "Die Seite" in answer.content.decode()
