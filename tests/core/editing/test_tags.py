"""The line of a tag field is divided as its help text says, in every form of the admin."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from taggit.managers import TaggableManager
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form

from core.editing import tags
from core.models import User
from library.models import LibraryIndexPage, MaterialPage
from media.models import Document, Image
from tests.page_forms import address_for, sent_for
from vocabularies.models import Topic

LINES = [
    ("Leseförderung,leises Lesen im Tandem,ohne Komma", ["Leseförderung", "leises Lesen im Tandem", "ohne Komma"]),
    ("leises Lesen im Tandem", ["leises Lesen im Tandem"]),
    ('"Lesen, Schreiben", Rechnen', ["Lesen, Schreiben", "Rechnen"]),
    (' Lesen ,, "" , Lesen,', ["Lesen"]),
    ('Film "Die Welle" zeigen, zwei', ['Film "Die Welle" zeigen', "zwei"]),
    ('"nie zu Ende, geschrieben', ['"nie zu Ende', "geschrieben"]),
    ("zwei  Leer\nzeichen", ["zwei Leer zeichen"]),
    ("", []),
]


@pytest.mark.parametrize(("line", "names"), LINES)
def test_a_line_is_divided_at_its_commas_alone(line: str, names: list[str]) -> None:
    assert tags.split(line) == sorted(names)


@given(st.lists(st.text(st.sampled_from('ab ,"„äß'), min_size=1, max_size=9)))
def test_what_is_written_is_read_again(words: list[str]) -> None:
    names = {" ".join(word.split()) for word in words} - {""}
    assert tags.split(tags.join(SimpleNamespace(name=name) for name in names)) == sorted(names)


def tag_fields() -> dict[str, Any]:
    """Return the form field of every tag field that editors meet, by its label."""
    fields = {"Image": get_image_form(Image).base_fields["tags"]}
    fields["Document"] = get_document_form(Document).base_fields["tags"]
    for model in apps.get_models():
        for field in model._meta.many_to_many:
            if isinstance(field, TaggableManager) and not model._meta.abstract:
                fields[f"{model.__name__}.{field.name}"] = formfield_for_dbfield(field)
    return fields


@pytest.mark.django_db
def test_every_tag_field_of_the_admin_divides_its_line_alike(subtests: pytest.Subtests) -> None:
    fields = tag_fields()
    assert {"Image", "Document", "LibraryPage.topics", "NewsPage.tags"} <= set(fields)
    for name, field in fields.items():
        with subtests.test(name):
            for line, names in LINES:
                assert field.clean(line) == sorted(names)
            html = field.widget.render("tags", [SimpleNamespace(name="Lesen, Schreiben"), SimpleNamespace(name="x y")])
            assert 'value="&quot;Lesen, Schreiben&quot;, x y"' in html
            assert "Komma oder Eingabetaste" in html


def test_topics_of_several_words_and_with_a_comma_stay_what_they_are(
    library: LibraryIndexPage, admin_client: Client, admin_user: User
) -> None:
    data = sent_for(MaterialPage(), admin_user)
    data["title"], data["slug"] = "Leise lesen", "leise-lesen"
    data["topics"] = 'Leseförderung,leises Lesen im Tandem,"Lesen, Schreiben"'
    assert admin_client.post(address_for("add", MaterialPage, library), data).status_code == 302
    wanted = {"Leseförderung", "leises Lesen im Tandem", "Lesen, Schreiben"}
    page = MaterialPage.objects.get(slug="leise-lesen")
    assert {topic.name for topic in page.topics.all()} == wanted
    # Saved once more as the form offers it.
    again = sent_for(page, admin_user)
    assert admin_client.post(reverse("wagtailadmin_pages:edit", args=(page.pk,)), again).status_code == 302
    assert {topic.name for topic in MaterialPage.objects.get(pk=page.pk).topics.all()} == wanted
    assert Topic.objects.count() == 3
