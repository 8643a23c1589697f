"""Loading vocabularies again and again: files lead, editors' changes stay."""

import io
import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from vocabularies import loader
from vocabularies.loader import ShippedConcept, ShippedVocabulary, VocabularyError
from vocabularies.models import Concept, ConceptLabel

pytestmark = pytest.mark.django_db

SEED = ShippedConcept(slug="saat", label="Saat", uri="https://example.org/saat", notation="s", order=10)
PLANT = ShippedConcept(
    slug="pflanze",
    label="Pflanze",
    uri="https://example.org/pflanze",
    notation="p",
    order=20,
    preferred=(("en", "Plant"),),
    alternatives=("Gewächs", "Kraut"),
    broader=("saat",),
    mappings=(("exactMatch", "https://example.org/x"),),
)


def shipped(*concepts: ShippedConcept) -> list[ShippedVocabulary]:
    return [ShippedVocabulary("garten", "Garten", "https://example.org/garten/", "Probe", concepts)]


def load(*concepts: ShippedConcept) -> tuple[int, int, int]:
    counts = loader.load(shipped(*concepts)).by_vocabulary["garten"]
    return counts.created, counts.updated, counts.unchanged


def plant() -> Concept:
    return Concept.objects.get(vocabulary__slug="garten", slug="pflanze")


def labels() -> list[str]:
    return sorted(plant().labels.filter(kind="altLabel").values_list("text", flat=True))


def names(**changed: str) -> dict[str, str]:
    """Return the preferred labels by language, after loading a file that says these."""
    load(SEED, replace(PLANT, preferred=tuple(changed.items())))
    return dict(plant().labels.filter(kind="prefLabel").values_list("language", "text"))


def test_second_run_changes_nothing_and_writes_nothing() -> None:
    out = io.StringIO()
    with CaptureQueriesContext(connection) as queries:
        call_command("load_vocabularies", stdout=out)
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []
    assert out.getvalue().endswith("Nothing changed.\n")
    assert "focus: 0 created, 0 updated, 12 unchanged" in out.getvalue()


def test_first_run_creates_everything_linked() -> None:
    assert load(SEED, PLANT) == (2, 0, 0)
    assert labels() == ["Gewächs", "Kraut"]
    assert [concept.slug for concept in plant().broader.all()] == ["saat"]
    assert load(SEED, PLANT) == (0, 0, 2)


def test_what_the_file_changes_is_changed() -> None:
    load(SEED, PLANT)
    changed = replace(
        PLANT,
        label="Grünpflanze",
        uri="https://example.org/neu",
        alternatives=("Gewächs", "Staude"),
        broader=(),
        mappings=(("closeMatch", "https://example.org/y"),),
    )
    assert load(SEED, changed) == (0, 1, 1)
    concept = plant()
    assert (concept.label, concept.uri) == ("Grünpflanze", "https://example.org/neu")
    assert labels() == ["Gewächs", "Staude"]
    assert not concept.broader.exists()
    assert [(m.relation, m.target) for m in concept.mappings.all()] == [("closeMatch", "https://example.org/y")]


def test_what_an_editor_changed_is_kept_while_the_rest_follows_the_file() -> None:
    load(SEED, PLANT)
    concept = plant()
    concept.label, concept.order, concept.introduction = "Grünes", 5, "<p>Für den Schulgarten.</p>"
    concept.save()
    concept.labels.filter(text="Kraut").delete()
    ConceptLabel.objects.create(concept=concept, text="Unkraut")
    load(SEED, replace(PLANT, label="Grünpflanze", order=30, notation="q", alternatives=("Gewächs", "Kraut", "Staude")))
    concept = plant()
    assert (concept.label, concept.order, concept.introduction) == ("Grünes", 5, "<p>Für den Schulgarten.</p>")
    assert concept.notation == "q"
    assert labels() == ["Gewächs", "Staude", "Unkraut"]


def test_preferred_labels_follow_the_file_in_each_language_that_no_editor_has_changed() -> None:
    assert names(en="Plant", da="Plante") == {"en": "Plant", "da": "Plante"}
    plant().labels.filter(language="da").update(text="Urt")
    assert names(en="Green plant", da="Vækst") == {"en": "Green plant", "da": "Urt"}
    plant().labels.filter(language="en").delete()
    assert names(en="Herb", da="Vækst") == {"da": "Urt"}
    own = ConceptLabel.objects.create(concept=plant(), language="de-simple", kind="prefLabel", text="Eigenes")
    assert names(**{"da": "Urt", "de-simple": "Pflanze"}) == {"da": "Urt", "de-simple": "Eigenes"}
    own.delete()
    assert names() == {}, "the editor's word is the file's again, and goes with it"


def test_concept_that_an_editor_made_under_a_shipped_slug_keeps_its_name() -> None:
    load(SEED)
    own = Concept.objects.create(vocabulary=Concept.objects.get(slug="saat").vocabulary, slug="pflanze", label="Meine")
    assert load(SEED, PLANT) == (0, 1, 1)
    own.refresh_from_db()
    assert (own.label, own.uri, own.notation) == ("Meine", "https://example.org/pflanze", "p")


def test_concept_that_a_file_drops_stays() -> None:
    load(SEED, PLANT)
    load(SEED)
    assert plant().label == "Pflanze"


GOOD = {"slug": "a", "label": "A", "uri": ""}


@pytest.mark.parametrize(
    ("concepts", "message"),
    [
        ([], "focus.json: 'concepts' must be a list with at least one concept"),
        ([{"slug": "a"}], "focus.json: concept 1 (a): 'label' must be a text"),
        ([{**GOOD, "slug": "Ä b"}], "focus.json: concept 1 (Ä b): a slug has only lower-case letters"),
        ([GOOD, GOOD], "focus.json: slug 'a' occurs twice"),
        ([{**GOOD, "broader": ["b"]}], "focus.json: concept 'a': broader concept 'b' does not exist"),
        ([{**GOOD, "broader": ["b"]}, {**GOOD, "slug": "b", "broader": ["a"]}], "is broader than itself"),
        ([{**GOOD, "altLabels": "A"}], "focus.json: concept 1 (a): 'altLabels' must be a list of texts"),
        ([{**GOOD, "prefLabels": {"en": ""}}], "focus.json: concept 1 (a): 'prefLabels' must be texts by language"),
        ([{**GOOD, "prefLabels": {"de": "A"}}], "'prefLabels' has a text for 'de', which is no further language"),
        ([{**GOOD, "color": "x"}], "focus.json: concept 1 (a): unknown key 'color'"),
        (["a"], "focus.json: concept 1 must be a JSON object"),
    ],
)
def test_bad_data_is_one_readable_line_and_writes_nothing(tmp_path, concepts, message) -> None:
    data = {"slug": "focus", "title": "F", "uri": "", "source": "s", "concepts": concepts}
    (tmp_path / "focus.json").write_text(json.dumps({**data, "uri": "x"}))
    before = Concept.objects.count()
    with pytest.raises(CommandError) as error:
        call_command("load_vocabularies", folder=tmp_path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert Concept.objects.count() == before


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_unreadable_file_is_named(tmp_path, text) -> None:
    (tmp_path / "focus.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(VocabularyError, match=r"^focus\.json: "):
        loader.read_vocabularies(tmp_path)


def test_empty_folder_is_an_error(tmp_path) -> None:
    with pytest.raises(VocabularyError, match="no vocabulary files"):
        loader.read_vocabularies(tmp_path)
