"""The command from file to pages: what is created, changed, left alone, reported."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision, Site
from wagtail.signals import page_published

from content.citations import family_first
from core.declared.reference import Reference
from home.models import HomePage
from library.models import BookPage, CaseStudyPage, LibraryIndexPage, LibraryPage, MaterialPage
from tests.shared import shared_database
from vocabularies.models import Concept, ConceptMapping, Topic, Vocabulary

KMK = "http://xschule.digital/def/kmk/1.0/code/foerderschwerpunkt/"
LRMI = "http://purl.org/dcx/lrmi-vocabs/educationalAudienceRole/"
KIM = "http://w3id.org/kim/schulfaecher/"
LEVEL = "https://w3id.org/kim/educationalLevel/"
HCRT = "https://w3id.org/kim/hcrt/"
OWN = "https://example.org/vocab/"
CC = "https://creativecommons.org/licenses/"

CONCEPTS = [
    # vocabulary, slug, label, uri, notation, mapped to
    ("focus", "lernen", "Lernen", f"{OWN}focus/lernen", "", f"{KMK}lernen"),
    ("focus", "sehen", "Sehen", f"{OWN}focus/sehen", "", f"{KMK}sehen"),
    ("focus", "uebergreifend", "schwerpunktübergreifend", f"{OWN}focus/uebergreifend", "", ""),
    ("audience", "lehrkraefte", "Lehrkräfte", f"{OWN}audience/lehrkraefte", "", f"{LRMI}teacher"),
    ("audience", "schulbegleitung", "Schulbegleitung", f"{OWN}audience/schulbegleitung", "", f"{LRMI}professional"),
    ("audience", "kita", "Kita-Fachkräfte", f"{OWN}audience/kita", "", f"{LRMI}professional"),
    ("level", "primarbereich", "Primarbereich", f"{LEVEL}level_1", "level_1", ""),
    ("subject", "deutsch", "Deutsch", f"{KIM}s1005", "s1005", ""),
    ("kind", "arbeitsmaterial", "Arbeitsmaterial", f"{HCRT}worksheet", "worksheet", ""),
    ("school_type", "foerderschule", "Förderschule", f"{OWN}school_type/foerderschule", "", ""),
    ("kind", "lehrbuch", "Lehrbuch", f"{HCRT}textbook", "textbook", ""),
    ("license", "cc-by-sa", "CC BY-SA 4.0", f"{CC}by-sa/4.0/", "cc-by-sa", ""),
    ("license", "urheberrecht", "alle Rechte vorbehalten", "", "", ""),
    ("language", "deutsch", "Deutsch", "", "de", ""),
    ("language", "leichte-sprache", "Leichte Sprache", "", "de-simple", ""),
    ("accessibility", "getaggtes-pdf", "getaggtes PDF", "", "taggedPDF", ""),
]


def add_shelf() -> LibraryIndexPage:
    """Make a site with a library and a handful of concepts, here so that this file stands alone."""
    vocabularies = {
        slug: Vocabulary.objects.get_or_create(slug=slug, defaults={"title": slug})[0] for slug, *_rest in CONCEPTS
    }
    for order, (vocabulary, slug, label, uri, notation, target) in enumerate(CONCEPTS):
        concept, _created = Concept.objects.update_or_create(
            vocabulary=vocabularies[vocabulary],
            slug=slug,
            defaults={"label": label, "uri": uri, "notation": notation, "order": order},
        )
        if target:
            ConceptMapping.objects.get_or_create(concept=concept, target=target)
    site = Site.objects.filter(is_default_site=True).first()
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Start", slug="anfang"))
    if site:
        site.root_page = home
        site.save()
    else:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    shelf: LibraryIndexPage = home.add_child(instance=LibraryIndexPage(title="Bibliothek", slug="bibliothek"))
    return shelf


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The number of the library of that site, which the tests share."""
    with shared_database(django_db_blocker, lambda: add_shelf().pk) as number:
        yield number


@pytest.fixture
def shelf(made: int, db: None) -> LibraryIndexPage:
    """The library of that site, without an entry."""
    return LibraryIndexPage.objects.get(pk=made)


def full(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A complete record."""
    return {
        "id": f"https://portal.example.org/{number}",
        "type": ["LearningResource"],
        "name": f"Sachaufgaben {number}",
        "description": "Aufgaben zum Lesen & Rechnen.",
        "keywords": ["Lesen", "Rechnen"],
        "about": [{"id": f"{KMK}lernen"}, {"id": f"{KIM}s1005"}],
        "audience": [{"id": f"{LRMI}teacher"}],
        "learningResourceType": [{"id": f"{HCRT}worksheet"}],
        "educationalLevel": [{"id": f"{LEVEL}level_1"}],
        "license": {"id": f"{CC}by-sa/3.0/de/"},
        "creator": [{"type": "Person", "name": "Ada L."}, {"type": "Person", "name": "Bo K."}],
        "publisher": [{"type": "Organization", "name": "Netzwerk"}],
        "dateCreated": "2018",
        "datePublished": "2019-04-01",
        "inLanguage": ["de"],
        "image": "https://portal.example.org/bild.png",
        "encoding": [{"contentUrl": "https://portal.example.org/heft.pdf", "name": "Heft"}],
        "isAccessibleForFree": True,
        "accessibilityFeature": ["taggedPDF"],
        "eigenerSchluessel": {"bleibt": True},
        **fields,
    }


Writer = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write records (or raw lines) as JSON lines and return the path."""

    def _write(*records: Any, name: str = "records.jsonl") -> str:
        path = tmp_path / name
        lines = [r if isinstance(r, bytes) else json.dumps(r, ensure_ascii=False).encode() for r in records]
        path.write_bytes(b"\n".join(lines) + b"\n")
        return str(path)

    return _write


def run(file: str, *options: str) -> list[list[str]]:
    """Import and return the report's lines as columns."""
    out = io.StringIO()
    call_command("import_amb", file, *options, stdout=out, stderr=io.StringIO())
    return columns(out.getvalue())


def run_broken(file: str, *options: str) -> tuple[list[list[str]], CommandError]:
    """Import a file with broken rows and return report and error."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_amb", file, *options, stdout=out, stderr=io.StringIO())
    assert "\n" not in str(caught.value)
    return columns(out.getvalue()), caught.value


def columns(report: str) -> list[list[str]]:
    return [line.split("\t") for line in report.splitlines()]


def actions(report: list[list[str]]) -> list[str]:
    return [line[2] for line in report[:-1]]


def slugs(concepts: Iterable[Concept]) -> set[str]:
    return {concept.slug for concept in concepts}


def page(number: int = 1) -> LibraryPage:
    return LibraryPage.objects.get(source_uri=f"https://portal.example.org/{number}").specific


def edit(title: str, number: int = 1, *, publish: bool = True) -> None:
    """Change a page as the editor's form does."""
    found = page(number).get_latest_revision_as_object()
    found.title = title
    revision = found.save_revision()
    if publish:
        revision.publish()


# -- what becomes of a record ----------------------------------------------------------------------------


def test_every_field_of_a_record_finds_its_place(shelf, write):
    report = run(write(full()), "--publish")
    assert report == [
        ["1", "https://portal.example.org/1", "veröffentlicht"],
        ["1 Datensatz: 1 veröffentlicht"],
    ]
    found = MaterialPage.objects.get()
    assert found.live
    assert not found.has_unpublished_changes
    assert found.get_parent().pk == shelf.pk
    assert (found.title, found.slug) == ("Sachaufgaben 1", "sachaufgaben-1")
    assert found.summary == "Aufgaben zum Lesen & Rechnen."
    assert slugs(found.focus.all()) == {"lernen"}
    assert slugs(found.subject.all()) == {"deutsch"}
    assert slugs(found.audience.all()) == {"lehrkraefte"}
    assert slugs(found.level.all()) == {"primarbereich"}
    assert slugs(found.kind.all()) == {"arbeitsmaterial"}
    assert slugs(found.accessibility.all()) == {"getaggtes-pdf"}
    assert found.language.notation == "de"
    assert (found.license.slug, found.license_uri) == ("cc-by-sa", f"{CC}by-sa/3.0/de/")
    assert found.creators() == ["Ada L.", "Bo K."]
    assert (found.publisher, found.year) == ("Netzwerk", 2019)
    assert {topic.name for topic in found.topics.all()} == {"Lesen", "Rechnen"}
    assert [(row.title, row.url) for row in found.files.all()] == [
        ("Heft", "https://portal.example.org/heft.pdf"),
        ("Zur Quelle", "https://portal.example.org/1"),
    ]
    assert found.source_record == full()
    assert not found.body


def test_an_imported_page_is_published_the_way_wagtail_does_it(shelf, write):
    published: list[int] = []
    page_published.connect(receiver := lambda instance, revision, **_kw: published.append(revision.pk))
    try:
        run(write(full()), "--publish")
    finally:
        page_published.disconnect(receiver)
    found = page()
    assert found.live_revision_id == found.latest_revision_id == found.imported_revision == published[0]
    assert found.first_published_at is not None
    assert found.first_published_at == found.last_published_at
    assert found.latest_revision.is_latest_revision()
    assert found.draft_title == found.title
    assert set(PageLogEntry.objects.filter(page=found.pk).values_list("action", flat=True)) == {
        "wagtail.create",
        "wagtail.publish",
    }
    again = found.get_latest_revision_as_object()
    assert again.source_record == full()
    assert slugs(again.focus.all()) == {"lernen"}
    assert [row.url for row in again.files.all()] == [row.url for row in found.files.all()]
    assert again.imported_revision == found.imported_revision
    indexed = ReferenceIndex.get_references_for_object(found).count()
    ReferenceIndex.create_or_update_for_object(found)
    assert ReferenceIndex.get_references_for_object(found).count() == indexed
    found.full_clean()


@pytest.mark.parametrize("kind", ["worksheet", "textbook", "case_study"])
def test_the_first_revision_holds_what_wagtail_would_put_into_it(shelf, write, kind):
    run(write(full(learningResourceType=kind, description="Ein Satz steht hier. " * 40)), "--publish")
    found = page()
    content = found.latest_revision.content
    expected = json.loads(json.dumps(found.serializable_data(), cls=DjangoJSONEncoder))
    later = {"latest_revision", "live_revision"}
    assert {k: v for k, v in content.items() if k not in later} == {k: v for k, v in expected.items() if k not in later}


def test_textbooks_become_books_case_studies_case_studies_and_the_rest_materials(shelf, write):
    types = {1: "textbook", 2: "case_study", 3: "worksheet", 4: None}
    records = [full(n, learningResourceType=t and [{"id": HCRT + t}]) for n, t in types.items()]
    run(write(*records), "--publish")
    assert [type(page(n)) for n in types] == [BookPage, CaseStudyPage, MaterialPage, MaterialPage]
    assert page(1).authors == "Ada L.\nBo K."


def test_what_a_book_or_case_study_has_no_field_for_stands_in_its_body(shelf, write):
    run(write(full(1, learningResourceType="textbook"), full(2, learningResourceType="case_study")), "--publish")
    for number in (1, 2):
        body = "".join(str(block.value) for block in page(number).body)
        assert '<a href="https://portal.example.org/heft.pdf">Heft</a>' in body
        assert f'<a href="https://portal.example.org/{number}">Zur Quelle</a>' in body
    assert "Verfasst von: Ada L., Bo K." in str(page(2).body[0].value)


def test_a_role_that_several_of_ours_map_to_goes_to_all_of_them(shelf, write):
    run(write(full(audience=[{"id": f"{LRMI}professional"}])), "--publish")
    assert slugs(page().audience.all()) == {"schulbegleitung", "kita"}


def test_our_own_uris_are_understood_too(shelf, write):
    run(write(full(about=[f"{OWN}focus/sehen"], audience=f"{OWN}audience/kita")), "--publish")
    assert slugs(page().focus.all()) == {"sehen"}
    assert slugs(page().audience.all()) == {"kita"}


def test_uris_are_the_same_with_http_or_https(shelf, write):
    about = [KMK.replace("http:", "https:") + "lernen/", KIM.replace("http:", "https:") + "s1005"]
    run(write(full(about=about)), "--publish")
    assert slugs(page().focus.all()) == {"lernen"}
    assert slugs(page().subject.all()) == {"deutsch"}


def test_what_no_vocabulary_knows_is_reported_and_kept_in_the_record(shelf, write):
    record = full(about=[f"{KMK}lernen", *(f"https://x.org/{n}" for n in range(5))], inLanguage="eo", license="fragen")
    report = run(write(record), "--publish")
    assert report[0][2] == "veröffentlicht"
    assert "about nicht zugeordnet: https://x.org/0, https://x.org/1, https://x.org/2 und 2 weitere" in report[0][3]
    assert "inLanguage nicht zugeordnet: eo" in report[0][3]
    assert "license nicht zugeordnet: fragen" in report[0][3]
    assert page().source_record == record


@pytest.mark.parametrize(
    ("value", "slug", "uri"),
    [
        (f"{CC}by-sa/4.0/", "cc-by-sa", ""),
        ("http://creativecommons.org/licenses/by-sa/4.0/deed.de", "cc-by-sa", ""),
        (f"{CC}by-sa/3.0/de/", "cc-by-sa", f"{CC}by-sa/3.0/de/"),
        ("CC BY-SA 2.0", "cc-by-sa", f"{CC}by-sa/2.0/"),
        ("alle Rechte vorbehalten", "urheberrecht", ""),
        ("https://opensource.org/licenses/MIT", None, "https://opensource.org/licenses/MIT"),
    ],
)
def test_a_licence_is_filed_under_its_slug_and_another_version_keeps_its_address(shelf, write, value, slug, uri):
    run(write(full(license=value)), "--publish")
    found = page()
    assert (found.license.slug if found.license else None, found.license_uri) == (slug, uri)


def test_the_most_exact_language_wins(shelf, write):
    run(write(full(1, inLanguage="de-simple"), full(2, inLanguage=["de-CH"])))
    assert [page(n).language.slug for n in (1, 2)] == ["leichte-sprache", "deutsch"]


def test_long_texts_are_cut_and_stand_in_full_in_the_body(shelf, write):
    title = "Ein sehr langer Titel mit <b>Markup</b> &amp; mehr " * 8
    description = "Ein Satz mit 3 < 4 und einem &lt;Tag&gt;. " * 15 + "¤ Zweiter Absatz."
    run(write(full(name=title, description=description)), "--publish")
    found = page()
    assert len(found.title) <= 255
    assert len(found.slug) <= 80
    assert len(found.summary) <= 400
    first, second = (str(block.value) for block in found.body)
    assert first.count("Markup &amp; mehr") == 8
    assert "3 &lt; 4 und einem &lt;Tag&gt;." in second
    assert second.count("<p>") == 2
    assert "¤" not in second


def test_the_same_title_gets_a_slug_of_its_own(shelf, write):
    run(write(*(full(n, name="Größe & Maß") for n in (1, 2, 3)), full(4, name="!!!")))
    assert [page(n).slug for n in (1, 2, 3, 4)] == ["groesse-mass", "groesse-mass-2", "groesse-mass-3", "eintrag"]


def test_topics_are_shared_whatever_their_capitals(shelf, write):
    Topic.objects.create(name="Übergang")
    run(write(full(1, keywords=["übergang", "Neu"]), full(2, keywords=["ÜBERGANG", "neu"])), "--publish")
    assert {topic.name for topic in Topic.objects.all()} == {"Übergang", "Neu"}
    assert {topic.name for topic in page(2).topics.all()} == {"Übergang", "Neu"}


def test_nothing_is_fetched(shelf, write, monkeypatch):
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    run(write(full(), full(2, learningResourceType="textbook")), "--publish")
    assert page().source_record["image"] == "https://portal.example.org/bild.png"


# -- drafts, defaults, publishing -------------------------------------------------------------------------


def test_without_publish_everything_stays_a_draft(shelf, write):
    report = run(write(full()))
    assert actions(report) == ["Entwurf"]
    assert not page().live
    assert page().has_unpublished_changes
    assert page().imported_revision == page().latest_revision_id


@pytest.mark.parametrize("options", [(), ("--publish",)])
def test_a_record_without_focus_or_audience_stays_a_draft_and_is_reported(shelf, write, options):
    report = run(write(full(1, about=[]), full(2, audience=None), full(3)), *options)
    assert actions(report)[:2] == ["unvollständig", "unvollständig"]
    assert report[0][3] == "ohne Förderschwerpunkt"
    assert report[1][3] == "ohne Zielgruppe"
    assert not page(1).live
    assert not page(2).live
    assert page(3).live is bool(options)


def test_defaults_fill_only_what_a_record_leaves_open(shelf, write):
    options = ("--publish", "--default-focus", "uebergreifend", "--default-audience", "lehrkraefte")
    run(write(full(1, about=[], audience=[]), full(2, audience=f"{LRMI}professional")), *options)
    assert slugs(page(1).focus.all()) == {"uebergreifend"}
    assert slugs(page(1).audience.all()) == {"lehrkraefte"}
    assert slugs(page(2).focus.all()) == {"lernen"}
    assert slugs(page(2).audience.all()) == {"schulbegleitung", "kita"}


def test_a_second_run_with_publish_publishes_the_drafts(shelf, write):
    file = write(full(1), full(2, about=[]))
    run(file)
    report = run(file, "--publish")
    assert actions(report) == ["veröffentlicht", "unverändert"]
    assert report[0][3] == "bisher Entwurf"
    assert page(1).live
    assert not page(2).live
    assert actions(run(file, "--publish")) == ["unverändert", "unverändert"]
    assert actions(run(file, "--publish", "--default-focus", "sehen")) == ["unverändert", "geändert"]
    assert page(2).live


def test_a_later_run_without_publish_does_not_withdraw_a_page(shelf, write):
    file = write(full())
    run(file, "--publish")
    assert actions(run(file)) == ["unverändert"]
    assert page().live


# -- again ------------------------------------------------------------------------------------------------


def test_a_second_run_writes_nothing(shelf, write):
    file = write(
        full(1), full(2, learningResourceType="textbook"), full(3, about=[]), full(4, learningResourceType="case_study")
    )
    run(file, "--publish")
    revisions, entries = Revision.objects.count(), PageLogEntry.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = run(file, "--publish")
    assert actions(report) == ["unverändert"] * 4
    assert report[2][3] == "ohne Förderschwerpunkt"
    assert (Revision.objects.count(), PageLogEntry.objects.count()) == (revisions, entries)
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in written if '"library_' in sql or '"wagtailcore_' in sql]


def test_the_number_of_queries_for_the_vocabularies_does_not_grow_with_the_file(shelf, write):
    file = write(*(full(n) for n in range(6)))
    run(file)
    counts = []
    for name, amount in (("two", 2), ("six", 6)):
        smaller = write(*(full(n) for n in range(amount)), name=name)
        with CaptureQueriesContext(connection) as queries:
            run(smaller)
        counts.append(sum('FROM "vocabularies_concept"' in q["sql"] or "conceptmapping" in q["sql"] for q in queries))
    assert counts[0] == counts[1]


def test_a_changed_record_changes_its_page_and_keeps_its_address(shelf, write):
    run(write(full()), "--publish")
    first = page()
    report = run(
        write(full(name="Neuer Titel", keywords=["Lesen"], about=[f"{KMK}sehen"], encoding=[], license=None)),
        "--publish",
    )
    assert report[0][2:] == ["geändert", "veröffentlicht"]
    found = page()
    assert (found.pk, found.slug, found.title) == (first.pk, first.slug, "Neuer Titel")
    assert slugs(found.focus.all()) == {"sehen"}
    assert not found.subject.exists()
    assert [topic.name for topic in found.topics.all()] == ["Lesen"]
    assert [row.url for row in found.files.all()] == ["https://portal.example.org/1"]
    assert (found.license, found.license_uri) == (None, "")
    assert found.latest_revision_id == found.live_revision_id == found.imported_revision
    assert found.first_published_at == first.first_published_at
    assert Revision.objects.for_instance(found).count() == 2
    assert actions(run(write(full(name="Neuer Titel"), full(2)), "--publish")) == ["geändert", "veröffentlicht"]


def test_an_unknown_key_that_changed_is_kept_as_well(shelf, write):
    run(write(full()), "--publish")
    assert actions(run(write(full(neu=1)), "--publish")) == ["geändert"]
    assert page().source_record["neu"] == 1


def test_a_changed_record_without_publish_leaves_the_readers_version_alone(shelf, write):
    run(write(full()), "--publish")
    changed = write(full(name="Neuer Titel"))
    report = run(changed)
    assert report[0][2:] == ["geändert", "als Entwurf, veröffentlicht bleibt der alte Stand"]
    assert page().title == "Sachaufgaben 1"
    assert page().has_unpublished_changes
    assert page().get_latest_revision_as_object().title == "Neuer Titel"
    assert actions(run(changed)) == ["unverändert"]
    assert actions(run(changed, "--publish")) == ["veröffentlicht"]
    assert page().title == "Neuer Titel"
    assert actions(run(changed, "--publish")) == ["unverändert"]


def test_a_changed_draft_is_a_draft_with_the_new_content(shelf, write):
    run(write(full()))
    assert run(write(full(name="Neuer Titel")))[0][2:] == ["geändert", "Entwurf"]
    assert page().get_latest_revision_as_object().title == "Neuer Titel"
    assert page().draft_title == "Neuer Titel"
    assert not page().live


def test_a_page_stays_what_it_is_when_the_resource_type_changes(shelf, write):
    run(write(full()), "--publish")
    report = run(write(full(learningResourceType="textbook")), "--publish")
    assert report[0][2] == "geändert"
    assert "bleibt „Material“" in report[0][3]
    assert isinstance(page(), MaterialPage)
    assert actions(run(write(full(learningResourceType="textbook")), "--publish")) == ["unverändert"]


# -- editors come first -------------------------------------------------------------------------------------


@pytest.mark.parametrize("publish", [True, False])
def test_an_edited_page_is_left_alone_and_reported(shelf, write, publish):
    run(write(full(1), full(2)), "--publish")
    edit("Von Hand", publish=publish)
    revisions = Revision.objects.count()
    report = run(write(full(1, name="Neu"), full(2, name="Neu")), "--publish")
    assert actions(report) == ["bearbeitet", "geändert"]
    assert "bearbeitet" in report[0][3]
    assert page().get_latest_revision_as_object().title == "Von Hand"
    assert Revision.objects.count() == revisions + 1
    assert actions(run(write(full()), "--publish")) == ["bearbeitet"]


def test_overwrite_forces_and_keeps_what_the_record_does_not_speak_of(shelf, write):
    run(write(full()), "--publish")
    found = page().get_latest_revision_as_object()
    found.title, found.goal, found.duration = "Von Hand", "Lesen können", "45 Minuten"
    found.save_revision().publish()
    report = run(write(full()), "--publish", "--overwrite")
    assert report[0][2:] == ["überschrieben", "veröffentlicht"]
    found = page()
    assert (found.title, found.goal, found.duration) == ("Sachaufgaben 1", "Lesen können", "45 Minuten")
    assert found.latest_revision_id == found.live_revision_id == found.imported_revision
    assert actions(run(write(full()), "--publish")) == ["unverändert"]
    assert actions(run(write(full()), "--publish", "--overwrite")) == ["unverändert"]


def test_overwrite_without_publish_replaces_the_draft_only(shelf, write):
    run(write(full()), "--publish")
    edit("Von Hand")
    assert actions(run(write(full()), "--overwrite")) == ["überschrieben"]
    assert page().title == "Von Hand"
    assert page().get_latest_revision_as_object().title == "Sachaufgaben 1"


def test_publishing_an_imported_draft_in_the_admin_is_no_edit(shelf, write):
    run(write(full()))
    page().get_latest_revision().publish()
    assert actions(run(write(full()))) == ["unverändert"]
    assert actions(run(write(full(name="Neu")), "--publish")) == ["geändert"]


def test_a_page_that_an_editor_withdrew_is_not_published_again(shelf, write):
    run(write(full()), "--publish")
    page().unpublish()
    report = run(write(full()), "--publish")
    assert actions(report) == ["bearbeitet"]
    assert "zurückgezogen" in report[0][3]
    assert not page().live
    assert actions(run(write(full()), "--publish", "--overwrite")) == ["überschrieben"]
    assert page().live


def test_a_locked_page_is_left_alone(shelf, write):
    run(write(full()), "--publish")
    Page.objects.filter(pk=page().pk).update(locked=True, locked_at=timezone.now())
    assert actions(run(write(full(name="Neu")), "--publish")) == ["bearbeitet"]


def test_a_moved_page_stays_where_the_editor_put_it(shelf, write):
    other = shelf.get_parent().add_child(instance=LibraryIndexPage(title="Zweite", slug="zweite"))
    run(write(full()), "--publish")
    page().move(other, pos="last-child")
    assert actions(run(write(full(name="Neu")), "--publish")) == ["geändert"]
    assert page().get_parent().pk == other.pk


# -- broken rows -----------------------------------------------------------------------------------------------

BROKEN: list[tuple[Any, str]] = [
    (b'{"id": "x", ', "kein gültiges JSON"),
    (b'{"id": "x", "name": "\xe4"}', "kein gültiges UTF-8"),
    (b"[1, 2]", "kein Objekt"),
    (b'{"id": "x", "name": NaN}', "kein gültiges JSON"),
    (full(90, id=None), "id: fehlt"),
    (full(90, id=7), "id: unklar"),
    (full(90, name=""), "name: fehlt"),
    (full(90, name={"Titel": "x"}), "name: unklar"),
    (full(90, id="zwei Wörter"), "id: enthält Leer"),
]

ODD: list[tuple[dict[str, Any], str]] = [
    ({"datePublished": "gestern"}, "datePublished weggelassen: kein Datum: gestern"),
    ({"datePublished": "0199"}, "datePublished weggelassen: Bitte ein Jahr"),
    ({"datePublished": "2999"}, "datePublished weggelassen: Bitte ein Jahr"),
    ({"inLanguage": "???"}, "inLanguage weggelassen: keine Sprache: ???"),
    ({"encoding": [{"contentUrl": "file:///etc/passwd"}]}, "encoding.contentUrl weggelassen: keine Adresse"),
    ({"license": {"id": "javascript://x"}}, "license weggelassen: keine Adresse"),
    ({"creator": [{"id": "https://orcid.org/0"}]}, "creator weggelassen: Eintrag ohne Namen"),
    ({"about": [f"{KMK}lernen", 7]}, "about weggelassen: unklar: eine Zahl"),
    ({"isAccessibleForFree": "naja"}, "isAccessibleForFree weggelassen: unklar: ein Text"),
    ({"description": 7}, "description weggelassen: unklar: eine Zahl"),
]


def test_an_odd_optional_field_costs_the_field_and_a_warning_not_the_record(shelf, write):
    file = write(*(full(number, **fields) for number, (fields, _note) in enumerate(ODD)))
    report = run(file, "--publish")
    assert actions(report) == ["veröffentlicht"] * len(ODD)
    for line, (_fields, note) in zip(report, ODD, strict=False):
        assert note in line[3]
    assert actions(run(file, "--publish")) == ["unverändert"] * len(ODD)
    assert page(5).source_record["license"] == {"id": "javascript://x"}


def test_records_in_any_layout_come_in_and_the_second_run_writes_nothing(shelf, write):
    pretty = [json.dumps(full(n), ensure_ascii=False, indent=2).encode() for n in (1, 2)]
    file = write(*pretty, full(3))
    assert actions(run(file, "--publish")) == ["veröffentlicht"] * 3
    assert actions(run(file, "--publish")) == ["unverändert"] * 3
    assert actions(run(write(pretty[0]), "--publish")) == ["unverändert"]


def test_an_organisation_stays_one_from_the_record_to_the_list_of_literature(shelf, write):
    creators = [
        {"type": "Organization", "name": "Helle Kreise"},
        {"type": "Person", "name": "Anna Bund"},
        {"type": "Person", "name": "María Muster Probe", "familyName": "Muster Probe"},
        {"type": "Person", "name": "Bo Klein"},
    ]
    file = write(full(1, creator=creators), full(2, creator=creators, learningResourceType="textbook"))
    run(file, "--publish")
    for number in (1, 2):
        found = page(number)
        assert found.creators() == ["Helle Kreise", "Anna Bund", "María Muster Probe", "Bo Klein"]
        assert [family_first(name) for name in found.reference().author] == [
            "Helle Kreise", "Bund, Anna", "Muster Probe, María", "Klein, Bo",
        ]  # fmt: skip
        assert set(found.known_names) == {"Helle Kreise", "Anna Bund", "María Muster Probe"}
        assert Reference.from_dict(found.search_content().reference).author == found.reference().author
    assert actions(run(file, "--publish")) == ["unverändert"] * 2


def test_a_page_from_before_names_were_known_changes_only_if_there_is_something_to_know(shelf, write):
    file = write(full(1), full(2, creator={"type": "Organization", "name": "Helle Kreise"}))
    run(file, "--publish")
    for revision in Revision.objects.all():
        del revision.content["known_names"]
        revision.save(update_fields=["content"])
    assert actions(run(file, "--publish")) == ["unverändert", "geändert"]


OEH = "http://w3id.org/openeduhub/vocabs/"


@pytest.mark.parametrize(
    ("fields", "audience", "level", "school_type", "subject", "unknown"),
    [
        ({"audience": [{"id": f"{OEH}intendedEndUserRole/teacher"}]}, {"lehrkraefte"}, {"primarbereich"}, set(), {"deutsch"}, ""),
        ({"audience": f"{OEH.replace('http:', 'https:')}intendedEndUserRole/teacher/"}, {"lehrkraefte"}, {"primarbereich"}, set(), {"deutsch"}, ""),
        ({"audience": "https://vocabs.openeduhub.de/w3id.org/openeduhub/vocabs/intendedEndUserRole/teacher.html"}, {"lehrkraefte"}, {"primarbereich"}, set(), {"deutsch"}, ""),
        ({"audience": {"prefLabel": {"de": "Lehrer/in"}}}, {"lehrkraefte"}, {"primarbereich"}, set(), {"deutsch"}, ""),
        ({"audience": [f"{OEH}intendedEndUserRole/other", "Lehrkräfte"]}, {"lehrkraefte"}, {"primarbereich"}, set(), {"deutsch"}, ""),
        ({"educationalLevel": f"{OEH}educationalContext/grundschule"}, {"lehrkraefte"}, {"primarbereich"}, set(), {"deutsch"}, ""),
        ({"educationalLevel": f"{OEH}educationalContext/foerderschule"}, {"lehrkraefte"}, set(), {"foerderschule"}, {"deutsch"}, ""),
        ({"educationalLevel": "Primarstufe"}, {"lehrkraefte"}, {"primarbereich"}, set(), {"deutsch"}, ""),
        ({"about": [f"{KMK}lernen", f"{OEH}discipline/120"]}, {"lehrkraefte"}, {"primarbereich"}, set(), {"deutsch"}, ""),
        ({"about": [f"{KMK}lernen", f"{OEH}discipline/04001"]}, {"lehrkraefte"}, {"primarbereich"}, set(), set(), "discipline/04001"),
        ({"about": [f"{KMK}lernen", f"{OEH}discipline/720"]}, {"lehrkraefte"}, {"primarbereich"}, set(), set(), ""),
    ],
)  # fmt: skip
def test_the_words_of_wirlernenonline_find_ours(shelf, write, fields, audience, level, school_type, subject, unknown):
    report = run(write(full(**fields)), "--publish")
    found = page()
    assert slugs(found.audience.all()) == audience
    assert slugs(found.level.all()) == level
    assert slugs(found.school_type.all()) == school_type
    assert slugs(found.subject.all()) == subject
    assert ("nicht zugeordnet" in str(report)) is bool(unknown)
    assert unknown in str(report)


def test_broken_rows_are_reported_with_number_and_reason_and_the_rest_is_imported(shelf, write):
    records: list[Any] = []
    for number, (broken, _reason) in enumerate(BROKEN):
        records += [broken, full(number)]
    report, error = run_broken(write(*records), "--publish")
    assert str(error) == f"{len(BROKEN)} Datensätze sind fehlerhaft."
    assert error.returncode == 1
    assert LibraryPage.objects.live().count() == len(BROKEN)
    assert report[-1] == [f"{2 * len(BROKEN)} Datensätze: {len(BROKEN)} veröffentlicht, {len(BROKEN)} fehlerhaft"]
    for number, (_broken, reason) in enumerate(BROKEN):
        row, _identifier, action, why = report[2 * number]
        assert (row, action) == (str(2 * number + 1), "fehlerhaft")
        assert why.startswith(f"Zeile {2 * number + 1}: {reason}")
        assert report[2 * number + 1][2] == "veröffentlicht"


@pytest.mark.parametrize("options", [(), ("--publish",)])
def test_what_only_the_page_can_refuse_is_a_broken_row_of_a_draft_too(shelf, write, monkeypatch, options):
    def refuse(self: LibraryPage, *args: Any, **kwargs: Any) -> None:
        if self.title == "Sachaufgaben 1":
            raise ValidationError({"summary": "So nicht."})

    monkeypatch.setattr(LibraryPage, "clean_fields", refuse)
    report, _error = run_broken(write(full(1), full(2)), *options)
    assert actions(report)[0] == "fehlerhaft"
    assert report[0][3] == "Zeile 1: description: So nicht."
    assert LibraryPage.objects.count() == 1


def test_a_row_that_fails_after_writing_leaves_nothing_behind(shelf, write, monkeypatch):
    original = Revision.save

    def fail_on_second(self: Revision, *args: Any, **kwargs: Any) -> None:
        if self.object_str == "Sachaufgaben 2":
            raise IntegrityError("so nicht")
        original(self, *args, **kwargs)

    monkeypatch.setattr(Revision, "save", fail_on_second)
    report, _error = run_broken(write(full(1), full(2, keywords=["Neu"]), full(3, keywords=["Neu"])), "--publish")
    assert actions(report) == ["veröffentlicht", "fehlerhaft", "veröffentlicht"]
    assert report[1][3] == "Zeile 2: so nicht"
    assert set(Page.objects.child_of(shelf).values_list("title", flat=True)) == {"Sachaufgaben 1", "Sachaufgaben 3"}
    assert [topic.name for topic in page(3).topics.all()] == ["Neu"]
    assert Page.find_problems() == ([], [], [], [], [])


def test_the_second_record_of_an_id_is_reported_and_not_imported(shelf, write):
    report = run(write(full(1), full(2), full(1, name="Anders")), "--publish")
    assert actions(report) == ["veröffentlicht", "veröffentlicht", "doppelt"]
    assert "Datensatz 1" in report[2][3]
    assert page().title == "Sachaufgaben 1"


def test_after_a_broken_record_another_of_the_same_id_counts(shelf, write):
    report, _error = run_broken(write(full(1, name=""), full(1)), "--publish")
    assert actions(report) == ["fehlerhaft", "veröffentlicht"]


def test_a_line_beyond_ten_megabytes_is_a_broken_row(shelf, write):
    report, _error = run_broken(write(full(1, description="x" * (10 * 1024 * 1024)), full(2)), "--publish")
    assert actions(report) == ["fehlerhaft", "veröffentlicht"]
    assert "10485760" in report[0][3]


def test_a_megabyte_of_description_is_imported(shelf, write):
    run(write(full(description="Ein langer Satz steht hier. " * 40_000)), "--publish")
    assert len(page().summary) <= 400
    assert len(str(page().body[0].value)) > 1_000_000


def test_reports_stay_one_line_a_row(shelf, write):
    records = [full(1, about=["zwei\nZeilen\tund Tab"]), full(2, id="a\nb\tc"), full(3, datePublished="zwei\nZeilen")]
    report, _error = run_broken(write(*records))
    assert [line[0] for line in report[:-1]] == ["1", "2", "3"]
    assert all(len(line) <= 4 for line in report)


# -- dry run, formats, options ------------------------------------------------------------------------------------


def test_a_dry_run_prints_the_same_report_and_writes_nothing(shelf, write):
    run(write(full(1), full(2), full(3)), "--publish")
    edit("Von Hand", 2)
    before = (Revision.objects.count(), Page.objects.count(), Topic.objects.count(), PageLogEntry.objects.count())
    records = [full(n, keywords=["Neu", f"Thema {n}"]) for n in (1, 2, 3, 4)]
    records += [
        full(5, about=[]),
        full(4),
        full(6, name=""),
        full(7, id="zwei Wörter"),
        full(8, name="Sachaufgaben 4"),
    ]
    file = write(*records)
    dry, dry_error = run_broken(file, "--publish", "--dry-run")
    assert (
        Revision.objects.count(),
        Page.objects.count(),
        Topic.objects.count(),
        PageLogEntry.objects.count(),
    ) == before
    real, real_error = run_broken(file, "--publish")
    assert dry == real
    assert str(dry_error) == str(real_error)
    assert actions(real) == [
        "geändert", "bearbeitet", "geändert", "veröffentlicht", "unvollständig", "doppelt", "fehlerhaft", "fehlerhaft",
        "veröffentlicht",
    ]  # fmt: skip
    assert Page.find_problems() == ([], [], [], [], [])


def test_an_array_gives_the_same_as_json_lines(shelf, write, tmp_path):
    records = [full(1), full(2, about=[]), full(2), full(3, learningResourceType="textbook")]
    array = tmp_path / "records.json"
    array.write_text("\ufeff" + json.dumps(records, indent=2), encoding="utf-8")
    dry = run(str(array), "--publish", "--dry-run")
    assert dry == run(write(*records), "--publish")
    assert actions(run(str(array), "--publish")) == ["unverändert", "unverändert", "doppelt", "unverändert"]


def test_a_dash_reads_standard_input(shelf, monkeypatch):
    data = json.dumps(full()).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert actions(run("-", "--publish")) == ["veröffentlicht"]


def test_an_empty_file_is_no_error(shelf, write):
    assert run(write(b"")) == [["0 Datensätze"]]


def test_under_takes_a_number_or_a_path(shelf, write):
    other = shelf.get_parent().add_child(instance=LibraryIndexPage(title="Zweite", slug="zweite"))
    paths = [str(other.pk), "/zweite/", "zweite", "/anfang/zweite/", "https://localhost/zweite/"]
    for number, under in enumerate(paths):
        run(write(full(number)), "--under", under)
        assert page(number).get_parent().pk == other.pk
    run(write(full(99)))
    assert page(99).get_parent().pk == shelf.pk


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--default-focus", "gibtsnicht"), "gibtsnicht"),
        (("--default-audience", "lernen"), "lernen"),
        (("--under", "999999"), "nicht gefunden"),
        (("--under", "9" * 40), "nicht gefunden"),
        (("--under", "/gibt/es/nicht/"), "nicht gefunden"),
        (("--under", "/"), "keine Bibliothek"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_written(shelf, write, options, message):
    report, error = run_broken(write(full()), "--publish", *options)
    assert report == []
    assert message in str(error)
    assert LibraryPage.objects.count() == 0


def test_a_missing_file_is_refused_in_one_line(shelf, tmp_path):
    for path in (tmp_path / "fehlt.jsonl", tmp_path):
        report, error = run_broken(str(path))
        assert report == []
        assert str(path) in str(error)


def test_a_utf16_file_is_refused_in_one_line(shelf, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(full()), encoding="utf-16")
    report, error = run_broken(str(path))
    assert report == []
    assert "UTF-8" in str(error)


def test_without_a_library_nothing_is_imported(shelf, write):
    shelf.delete()
    _report, error = run_broken(write(full()))
    assert "Bibliothek" in str(error)


def test_without_vocabularies_nothing_is_imported(shelf, write):
    ConceptMapping.objects.all().delete()
    Concept.objects.all().delete()
    _report, error = run_broken(write(full()))
    assert "load_vocabularies" in str(error)


def test_an_interruption_keeps_what_is_finished_and_nothing_half_done(shelf, write):
    def interrupt(instance: Page, **_kwargs: Any) -> None:
        if instance.title == "Sachaufgaben 3":
            raise KeyboardInterrupt

    file = write(*(full(n) for n in (1, 2, 3, 4)))
    page_published.connect(interrupt)
    try:
        report, error = run_broken(file, "--publish")
    finally:
        page_published.disconnect(interrupt)
    assert error.returncode == 130
    assert str(error) == "Abgebrochen nach 2 Datensätzen; was fertig ist, bleibt."
    assert [line[2] for line in report] == ["veröffentlicht", "veröffentlicht"]
    assert LibraryPage.objects.count() == 2
    assert Page.find_problems() == ([], [], [], [], [])
    assert actions(run(file, "--publish")) == ["unverändert", "unverändert", "veröffentlicht", "veröffentlicht"]


def test_a_database_that_is_gone_ends_the_import_in_one_line(shelf, write, monkeypatch):
    def gone(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("database is\nlocked")

    monkeypatch.setattr("exchange.amb.pages.PageImporter._create", gone)
    _report, error = run_broken(write(full(1), full(2)))
    assert "database is locked" in str(error)
