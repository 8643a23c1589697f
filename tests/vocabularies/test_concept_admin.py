"""Editors look after concepts and topics in the admin."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from core.models import User
from tests.library.helpers import add_material
from vocabularies.models import Concept, Topic, Vocabulary

pytestmark = pytest.mark.django_db


def form(concept: Concept | None = None, **values):
    labels = values.pop("labels", [])
    broader = values.pop("broader", [])
    data = {
        "vocabulary": concept.vocabulary_id if concept else "",
        "label": concept.label if concept else "",
        "slug": concept.slug if concept else "",
        "order": concept.order if concept else 1000,
        "uri": concept.uri if concept else "",
        "notation": concept.notation if concept else "",
        "introduction": rich_text(""),
        **values,
        "labels": inline_formset(labels),
        "mappings": inline_formset([]),
    }
    return {**nested_form_data(data), "broader": broader}


def test_menu_leads_to_the_vocabularies(admin_client) -> None:
    page = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Vokabulare" in page
    assert reverse("begriffe:index") in page
    assert reverse("themen:index") in page


def test_list_shows_use_and_is_filtered_by_vocabulary(admin_client, vocabularies, library_index) -> None:
    add_material(library_index, vocabularies)
    focus = Vocabulary.objects.get(slug="focus")
    response = admin_client.get(reverse("begriffe:index"), {"vocabulary": focus.pk})
    listed = {concept.slug: concept.usage for concept in response.context["object_list"]}
    assert len(listed) == 12
    assert listed["lernen"] == 1
    assert listed["sehen"] == 0


def test_list_takes_few_queries_however_long_it_is(admin_client, django_assert_max_num_queries) -> None:
    admin_client.get(reverse("begriffe:index"))
    with django_assert_max_num_queries(25):
        admin_client.get(reverse("begriffe:index"))


@pytest.mark.parametrize("words", ["Erziehungshilfe", "ESE", "emotionale und soziale"])
def test_search_finds_a_concept_once_by_any_of_its_names(admin_client, words) -> None:
    response = admin_client.get(reverse("begriffe:index"), {"q": words})
    found = [concept.slug for concept in response.context["object_list"]]
    assert found.count("emotionale-soziale-entwicklung") == 1


def test_new_concept_gets_slug_and_address_from_its_label(admin_client) -> None:
    subject = Vocabulary.objects.get(slug="subject")
    rows = [{"text": "Imkern", "language": "de", "kind": "altLabel"}]
    response = admin_client.post(
        reverse("begriffe:add"), form(vocabulary=subject.pk, label="Schul-Imkerei für Große", labels=rows)
    )
    assert response.status_code == 302, response.context["form"].errors
    concept = Concept.objects.get(slug="schul-imkerei-fuer-grosse")
    assert concept.uri == "https://example.org/vocab/subject/schul-imkerei-fuer-grosse"
    assert concept.all_labels() == ("Schul-Imkerei für Große", "Imkern")


def test_slug_that_is_taken_is_an_error_in_the_form(admin_client) -> None:
    subject = Vocabulary.objects.get(slug="subject")
    response = admin_client.post(reverse("begriffe:add"), form(vocabulary=subject.pk, label="Mathematik"))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Concept.objects.filter(vocabulary=subject, slug="mathematik").count() == 1


def test_slug_and_vocabulary_are_fixed_once_saved(admin_client, vocabularies) -> None:
    concept = vocabularies["subject", "mathematik"]
    other = Vocabulary.objects.get(slug="kind")
    url = reverse("begriffe:edit", args=(concept.pk,))
    response = admin_client.post(url, form(concept, slug="rechnen", vocabulary=other.pk, label="Rechnen"))
    assert response.status_code == 302
    concept.refresh_from_db()
    assert (concept.slug, concept.vocabulary.slug, concept.label) == ("mathematik", "subject", "Rechnen")


def test_circle_of_broader_concepts_is_refused(admin_client, vocabularies) -> None:
    lse = vocabularies["focus", "lernen-sprache-emotionale-soziale-entwicklung"]
    lernen = vocabularies["focus", "lernen"]
    url = reverse("begriffe:edit", args=(lernen.pk,))
    response = admin_client.post(url, form(lernen, broader=[lse.pk]))
    assert response.status_code == 200
    assert "so entstünde ein Kreis" in str(response.context["form"].errors)


def test_broader_concept_of_another_vocabulary_is_refused(admin_client, vocabularies) -> None:
    lernen = vocabularies["focus", "lernen"]
    url = reverse("begriffe:edit", args=(lernen.pk,))
    response = admin_client.post(url, form(lernen, broader=[vocabularies["kind", "text"].pk]))
    assert "broader" in response.context["form"].errors


@pytest.mark.parametrize(("facet", "slug"), [("focus", "lernen"), ("license", "cc0")])
def test_concept_in_use_says_so_instead_of_being_deleted(
    admin_client, vocabularies, library_index, facet, slug
) -> None:
    add_material(library_index, vocabularies, license=vocabularies["license", "cc0"])
    concept = vocabularies[facet, slug]
    url = reverse("begriffe:delete", args=(concept.pk,))
    for response in (admin_client.get(url), admin_client.post(url)):
        assert response.status_code == 200
        text = response.content.decode()
        assert f"„{concept.label}“ ist an 1 Stelle vergeben und kann nicht gelöscht werden." in text
        assert "button serious" not in text
    assert Concept.objects.filter(pk=concept.pk).exists()


def test_unused_concept_is_deleted(admin_client, vocabularies) -> None:
    url = reverse("begriffe:delete", args=(vocabularies["subject", "latein"].pk,))
    assert "wird nirgends verwendet" in admin_client.get(url).content.decode()
    assert admin_client.post(url).status_code == 302
    assert not Concept.objects.filter(slug="latein").exists()


def test_topic_is_renamed_and_keeps_its_slug(admin_client, vocabularies, library_index) -> None:
    page = add_material(library_index, vocabularies)
    page.topics.add("Lesen üben")
    page.save()
    topic = Topic.objects.get()
    assert topic.slug == "lesen-ueben"
    url = reverse("themen:edit", args=(topic.pk,))
    assert admin_client.post(url, {"name": "Leseförderung", "slug": "anders"}).status_code == 302
    topic.refresh_from_db()
    assert (topic.name, topic.slug) == ("Leseförderung", "lesen-ueben")
    listed = admin_client.get(reverse("themen:index")).context["object_list"]
    assert [(row.name, row.usage) for row in listed] == [("Leseförderung", 1)]
    delete = admin_client.get(reverse("themen:delete", args=(topic.pk,))).content.decode()
    assert "1 Seite verliert damit das Thema „Leseförderung“." in delete


def test_editor_looks_and_chief_editor_changes(client, vocabularies) -> None:
    call_command("setup_roles", verbosity=0)
    edit = reverse("begriffe:edit", args=(vocabularies["focus", "lernen"].pk,))
    for name, status in (("Redaktion", 302), ("Chefredaktion", 200)):
        user = User.objects.create_user(name, password="x")
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        assert client.get(reverse("begriffe:index")).status_code == 200
        assert client.get(edit).status_code == status
