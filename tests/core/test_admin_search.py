"""The search of the editors' lists takes whatever is typed."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client

from home.models import HomePage
from media.models import Document
from tests.published import add_document, add_image

LISTS = ["/admin/documents/", "/admin/images/", "/admin/pages/search/", "/admin/documents/chooser/results/",
         "/admin/images/chooser/results/", "/admin/choose-page/search/"]  # fmt: skip


TYPED = ('"', 'a "b', '"a b"', '""', '"a" "', "'", "a'b", "\\", "*", "a AND", "%s", "(", "^x:")


@pytest.mark.parametrize("path", LISTS)
def test_what_is_typed_into_a_list_is_only_searched_for(
    admin_client: Client, path: str, subtests: pytest.Subtests
) -> None:
    # SQLite reads the query only where there is something to search.
    add_document("Blatt")
    add_image("Bild")
    HomePage.objects.create(title="Seite", path="00010009", depth=2)
    for typed in TYPED:
        with subtests.test(typed):
            assert admin_client.get(f"{path}?{urlencode({'q': typed})}").status_code == 200


def test_a_quotation_mark_leaves_the_words_beside_it_to_be_found(admin_client: Client) -> None:
    document = add_document("Blatt zum Lesen")
    add_image("Bild zum Lesen")
    for typed in ("lesen", '"lesen', 'blatt "les', 'lesen" zum'):
        answer = admin_client.get("/admin/documents/", {"q": typed})
        assert list(answer.context["object_list"]) == [document], typed
    assert list(Document.objects.all()) == [document]
    assert list(admin_client.get("/admin/documents/", {"q": '"'}).context["object_list"]) == []
