"""Labels are held in memory, and right at the next request all the same."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone, translation
from wagtail.models import PageViewRestriction

from core import versions
from search.facets.labels import known_values, load_labels
from tests.directory.helpers import add_network
from vocabularies.models import Concept, ConceptLabel, Topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library_index")]


def focus(slug: str = "lernen") -> str:
    return load_labels().get("focus", slug).label


def networks() -> dict[str, str]:
    return {slug: value.label for slug, value in load_labels().values["koopv"].items()}


def test_a_changed_label_shows_at_once() -> None:
    concept = Concept.objects.get(vocabulary__slug="focus", slug="lernen")
    assert focus() == concept.label != "Lernen und mehr"
    concept.label = "Lernen und mehr"
    concept.save()
    assert focus() == "Lernen und mehr"


def test_a_new_broader_concept_and_its_end_show_at_once() -> None:
    narrow, broad = Concept.objects.filter(vocabulary__slug="focus", broader=None)[:2]
    for parents in ([broad], []):
        narrow.broader.set(parents)
        narrow.save()
        assert load_labels().get("focus", narrow.slug).broader == {parent.slug for parent in parents}


def test_each_language_has_its_own_labels() -> None:
    concept = Concept.objects.get(vocabulary__slug="focus", slug="lernen")
    german = focus()
    ConceptLabel.objects.create(
        concept=concept, language="fr", kind=ConceptLabel.Kind.PREFERRED, text="apprentissage (essai)"
    )
    with translation.override("fr"):
        assert focus() == "apprentissage (essai)"
    assert focus() == german


def test_a_change_behind_the_models_back_shows_once_it_is_announced() -> None:
    german = focus()
    Concept.objects.filter(slug="lernen").update(label="umgangen")
    assert focus() == german
    versions.changed(Concept)
    assert focus() == "umgangen"


def test_a_renamed_topic_shows_at_once() -> None:
    topic = Topic.objects.create(name="Lesen", slug="lesen")

    def shown() -> str:
        labels = load_labels()
        assert labels.get("topic", "fremd").label == "fremd"
        return labels.get("topic", "lesen").label

    assert shown() == "Lesen"
    topic.name = "Lesen und Verstehen"
    topic.save()
    assert shown() == "Lesen und Verstehen"


def test_the_end_of_a_network_comes_with_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    add_network(7, title="KoopV 7", expire_at=timezone.now() + datetime.timedelta(hours=1))
    assert networks() == {"netz-7": "KoopV 7"}
    later = timezone.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr("core.visibility.timezone.now", lambda: later)
    assert networks() == {}


def test_a_reader_may_name_only_topics_that_public_pages_have() -> None:
    Topic.objects.create(name="Geheim", slug="geheim")
    assert known_values("topic", ["geheim", "\0", "fremd"]) == []


def test_networks_are_named_only_while_everybody_may_see_them() -> None:
    page = add_network(7, title="KoopV 7")
    add_network(8, publish=False)
    later = timezone.now() + datetime.timedelta(hours=1)
    assert networks() == {"netz-7": "KoopV 7"}
    for end, named in ((later, {"netz-7": "KoopV 7"}), (timezone.now(), {}), (None, {"netz-7": "KoopV 7"})):
        page.expire_at = end
        page.save()
        assert networks() == named
    restriction: Any = PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")
    assert networks() == {}
    restriction.delete()
    assert networks() == {"netz-7": "KoopV 7"}
