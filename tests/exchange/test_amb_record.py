"""What a record says: liberal where the meaning is clear, an error with field and reason where not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.declared.reference import Name
from core.importing.rows import RowError
from exchange.amb.record import AmbRecord, EntryKind, parse
from exchange.amb.values.links import Link
from exchange.amb.values.texts import shorten

HCRT = "https://w3id.org/kim/hcrt/"


def record(**fields: Any) -> AmbRecord:
    return parse({"id": "urn:x:1", "name": "Titel", "description": "Kurz gesagt.", **fields})


def failure(value: Any) -> RowError:
    with pytest.raises(RowError) as caught:
        parse(value)
    return caught.value


FIELDS = [
    "id", "name", "description", "keywords", "about", "audience", "learningResourceType", "educationalLevel", "license",
    "creator", "publisher", "dateCreated", "datePublished", "inLanguage", "image", "encoding", "isAccessibleForFree",
    "accessibilityFeature", "x",
]  # fmt: skip
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=30)
    | st.sampled_from(["https://x.org/a", "2019", "de"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "de", "@value", "contentUrl", "prefLabel"]) | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@given(value=st.dictionaries(st.sampled_from(FIELDS), ANY_JSON, max_size=8) | ANY_JSON)
def test_any_json_is_a_record_or_an_error_with_a_reason(value):
    try:
        found = parse(value)
    except RowError as error:
        reason = error.reason
        assert reason
        return
    assert 0 < len(found.title) <= 255
    assert 0 < len(found.summary) <= 400
    assert set(found.raw) == set(value)


@given(text=st.text(max_size=900))
def test_texts_are_clean_and_fit_whatever_the_description_holds(text):
    found = record(description=text, name=f"T {text}")
    for part in (found.title, found.summary, found.full_title, *found.paragraphs):
        assert not re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", part)
    assert len(found.title) <= 255
    assert len(found.summary) <= 400


@given(text=st.text(max_size=200), length=st.integers(10, 100), at_sentence=st.booleans())
def test_shortening_never_exceeds_the_length(text, length, at_sentence):
    short = shorten(text, length, at_sentence=at_sentence)
    assert len(short) <= length
    assert short == text or len(text) > length


def test_unknown_keys_are_kept():
    assert record(eigenes={"a": [1]}).raw["eigenes"] == {"a": [1]}


def test_what_databases_refuse_is_taken_out_of_the_kept_record():
    assert record(x=["a\x00b", {"k\ud800": 1}]).raw["x"] == ["ab", {"k": 1}]


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("Titel", "Titel"),
        (["Titel", "Untertitel"], "Titel"),
        ({"en": "Title", "de": "Titel"}, "Titel"),
        ({"en": "Title", "de-AT": "Titel"}, "Titel"),
        ({"fr": "Titre", "en": "Title"}, "Title"),
        ({"fr": "Titre"}, "Titre"),
        ({"de": ["Titel"]}, "Titel"),
        ([{"@value": "Title", "@language": "en"}, {"@value": "Titel", "@language": "de"}], "Titel"),
        ({"@value": "Titel"}, "Titel"),
        ("  Zwei\n Zeilen\t", "Zwei Zeilen"),
        ("Lernen &amp; <b>Lesen</b> &lt;3", "Lernen & Lesen <3"),
        ("Steuer\x07zeichen\u202e", "Steuerzeichen"),
    ],
)
def test_a_text_may_be_a_string_a_list_or_a_language_map(value, title):
    assert record(name=value).title == title


def test_a_long_title_is_cut_and_kept_in_full():
    title = "Wort " * 60
    found = record(name=title)
    assert len(found.title) <= 255
    assert found.title.endswith(" …")
    assert found.full_title == title.strip()
    assert record(name="T" * 255).full_title == ""


def test_a_long_description_is_cut_at_a_sentence_and_kept_in_full():
    sentence = "Dieser Satz hat z. B. keine zehn Wörter. "
    found = record(description=sentence * 20)
    assert found.summary.endswith("Wörter.")
    assert 300 < len(found.summary) <= 400
    assert " ".join(found.paragraphs) == (sentence * 20).strip()
    assert record(description="x" * 400).paragraphs == ()


def test_without_a_sentence_end_the_summary_is_cut_at_a_word():
    assert re.fullmatch(r"(Wort )+…", record(description="Wort " * 200).summary)


def test_paragraphs_come_from_line_ends_tags_and_the_catalogue_sign():
    parts = ["A" * 200, "B" * 200, "C" * 200, "D" * 10]
    found = record(description=f"<p>{parts[0]}</p>{parts[1]}\r\n{parts[2]} ¤ {parts[3]}")
    assert found.paragraphs == tuple(parts)
    assert "¤" not in found.summary


def test_an_escaped_tag_stays_the_text_it_is():
    assert (
        record(description="&lt;script&gt; ist gefährlich, 3 < 4 auch").summary == "<script> ist gefährlich, 3 < 4 auch"
    )


def test_without_description_the_title_serves_as_summary_and_that_is_noted():
    found = parse({"id": "x", "name": "Titel"})
    assert found.summary == "Titel"
    assert found.notes


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ([{"id": HCRT + "textbook"}], EntryKind.BOOK),
        ({"id": HCRT + "case_study"}, EntryKind.CASE_STUDY),
        ("textbook", EntryKind.BOOK),
        ("case study", EntryKind.CASE_STUDY),
        ([HCRT + "text", HCRT + "textbook"], EntryKind.BOOK),
        ([HCRT + "worksheet"], EntryKind.MATERIAL),
        (None, EntryKind.MATERIAL),
    ],
)
def test_the_resource_type_decides_what_a_record_becomes(types, kind):
    assert record(learningResourceType=types).kind is kind


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("a, b;c", ("a", "b", "c")),
        (["a", "A", " b "], ("a", "b")),
        ({"de": ["a", "b"], "en": ["x"]}, ("a", "b")),
        ([{"name": "a"}, {"de": "b"}], ("a", "b")),
        (["Lesen, Schreiben", "Rechnen"], ("Lesen Schreiben", "Rechnen")),
        ([], ()),
        ("", ()),
    ],
)
def test_keywords_may_be_a_list_or_one_string(value, names):
    assert record(keywords=value).keywords == names


@pytest.mark.parametrize(
    "value",
    [
        "https://x.org/1",
        ["https://x.org/1"],
        {"id": "https://x.org/1", "prefLabel": {"de": "Eins"}},
        [{"@id": "https://x.org/1"}, {"educationalRole": {"id": "https://x.org/1"}}],
    ],
)
def test_a_concept_may_be_a_uri_or_an_object(value):
    assert record(audience=value).audience == ("https://x.org/1",)


@pytest.mark.parametrize(
    ("value", "slug", "uri"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "cc-by", "https://creativecommons.org/licenses/by/4.0/"),
        (
            {"id": "http://creativecommons.org/licenses/by-nc-sa/3.0/de/"},
            "cc-by-nc-sa",
            "http://creativecommons.org/licenses/by-nc-sa/3.0/de/",
        ),
        (
            "https://creativecommons.org/publicdomain/zero/1.0/",
            "cc0",
            "https://creativecommons.org/publicdomain/zero/1.0/",
        ),
        (
            "https://creativecommons.org/publicdomain/mark/1.0/",
            "pdm",
            "https://creativecommons.org/publicdomain/mark/1.0/",
        ),
        ("CC BY-SA 3.0", "cc-by-sa", "https://creativecommons.org/licenses/by-sa/3.0/"),
        ("CC BY", "cc-by", ""),
        ("CC0", "cc0", ""),
        ("https://www.gnu.org/licenses/gpl-3.0", "", "https://www.gnu.org/licenses/gpl-3.0"),
        ("alle Rechte vorbehalten", "alle Rechte vorbehalten", ""),
        (None, "", ""),
    ],
)
def test_versions_of_a_licence_share_a_slug_and_keep_their_address(value, slug, uri):
    found = record(license=value)
    assert (found.license, found.license_uri) == (slug, uri)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Ada L.", ("Ada L.",)),
        ({"type": "Person", "name": "Ada L."}, ("Ada L.",)),
        ([{"name": {"de": "Amt"}}, "Ada\nL."], ("Amt", "Ada L.")),
        ({"givenName": "Ada", "familyName": "L."}, ("Ada L.",)),
    ],
)
def test_people_may_be_names_or_objects(value, names):
    found = record(creator=value, publisher=value)
    assert tuple(map(str, found.authors)) == names
    assert found.publisher == ", ".join(names)


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"datePublished": "2019-05-03", "dateCreated": "2001"}, 2019),
        ({"dateCreated": "2001-02"}, 2001),
        ({"datePublished": 2019}, 2019),
        ({"datePublished": "2019-05-03T10:00:00+02:00"}, 2019),
        ({"datePublished": ["2019"]}, 2019),
        ({"datePublished": None, "dateCreated": ""}, None),
    ],
)
def test_the_year_is_that_of_publication_else_of_creation(fields, year):
    assert record(**fields).year == year


@pytest.mark.parametrize(
    ("value", "first"), [("de", "de"), (["de-DE", "en"], "de-de"), ("ger", "ger"), ("de_simple", "de-simple")]
)
def test_languages_are_tried_as_written_first(value, first):
    assert record(inLanguage=value).languages[0] == first
    assert "de" in record(inLanguage=value).languages


def test_files_and_the_records_own_address_become_links_each_once():
    found = parse(
        {
            "id": "https://x.org/1",
            "name": "T",
            "encoding": [
                {"contentUrl": "https://x.org/a.pdf", "embedUrl": "https://x.org/e", "name": "Heft"},
                "https://x.org/a.pdf",
                {"type": "MediaObject"},
            ],
        }
    )
    assert found.links == (
        Link("https://x.org/a.pdf", "Heft"),
        Link("https://x.org/e", "Heft"),
        Link("https://x.org/1", "Zur Quelle"),
    )


def test_an_identifier_that_is_no_address_gives_no_link():
    assert record().links == ()


def test_accessibility_features_may_stand_in_one_string():
    assert record(accessibilityFeature="captions, taggedPDF").accessibility == ("captions", "taggedPDF")


DEEP: Any = "x"
for _step in range(60):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": None}, "id"),
        ({"id": 7}, "id"),
        ({"id": " "}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "x" * 501}, "id"),
        ({"name": None}, "name"),
        ({"name": "<br>"}, "name"),
        ({"name": 7}, "name"),
        ({"name": {"Titel": "x"}}, "name"),
    ],
)
def test_an_id_or_a_name_that_is_not_clear_is_an_error_with_field_and_reason(fields, field):
    error = failure({"id": "urn:x:1", "name": "Titel", **fields})
    assert error.field == field
    assert error.reason


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"description": True}, "description"),
        ({"keywords": [7]}, "keywords"),
        ({"keywords": [str(n) for n in range(101)]}, "keywords"),
        ({"about": [7]}, "about"),
        ({"about": [{"type": "Concept"}]}, "about"),
        ({"about": [{"id": 7}]}, "about.id"),
        ({"about": [f"https://x.org/{n}" for n in range(101)]}, "about"),
        ({"audience": 7}, "audience"),
        ({"learningResourceType": [[], 7]}, "learningResourceType"),
        ({"educationalLevel": False}, "educationalLevel"),
        ({"license": 7}, "license"),
        ({"license": "ftp://x.org/"}, "license"),
        ({"license": "https://x.org/" + "x" * 200}, "license"),
        ({"creator": [{"id": "https://orcid.org/1"}]}, "creator"),
        ({"creator": 7}, "creator"),
        ({"publisher": [["x"]]}, "publisher"),
        ({"datePublished": "gestern"}, "datePublished"),
        ({"datePublished": "2019-13-01"}, "datePublished"),
        ({"dateCreated": True}, "dateCreated"),
        ({"inLanguage": "Deutsch!"}, "inLanguage"),
        ({"inLanguage": [7]}, "inLanguage"),
        ({"encoding": 7}, "encoding"),
        ({"encoding": {"contentUrl": "javascript:alert(1)"}}, "encoding.contentUrl"),
        ({"encoding": {"contentUrl": "https://x.org/" + "x" * 500}}, "encoding.contentUrl"),
        ({"encoding": {"embedUrl": ["x"]}}, "encoding.embedUrl"),
        ({"isAccessibleForFree": "vielleicht"}, "isAccessibleForFree"),
        ({"accessibilityFeature": [7]}, "accessibilityFeature"),
        ({"x": DEEP}, "x"),
    ],
)
def test_any_other_odd_value_costs_itself_and_a_note_not_the_record(fields, field):
    found = record(**fields)
    assert [note.split(":")[0] for note in found.notes if "weggelassen" in note] == [f"{field} weggelassen"]
    assert (found.title, found.license, found.year) == ("Titel", "", None)
    assert len(found.keywords) <= 100
    assert len(found.about) <= 100


def test_an_odd_entry_of_a_list_leaves_the_others():
    found = record(
        creator=[{"name": "Ada L."}, 7, {"id": "x"}, "Bo K."],
        about=[7, "https://x.org/1", {"id": 8}],
        keywords=["a", 7, "b"],
        inLanguage=["de", "???"],
        encoding=[{"contentUrl": "nichts", "embedUrl": "https://x.org/e", "name": 7}, "https://x.org/a.pdf"],
        datePublished="demnächst",
        dateCreated="2018",
    )
    assert [str(one) for one in found.authors] == ["Ada L.", "Bo K."]
    assert (found.about, found.keywords, found.languages) == (("https://x.org/1",), ("a", "b"), ("de",))
    assert [link.url for link in found.links] == ["https://x.org/e", "https://x.org/a.pdf"]
    assert found.year == 2018
    assert "creator weggelassen: unklar: eine Zahl und 1 weiterer" in found.notes
    assert len(found.notes) == len(set(found.notes)) == 8


def test_a_field_nested_too_deep_is_left_out_and_the_record_is_kept():
    found = record(x=DEEP, y=1)
    assert (found.raw["y"], "x" in found.raw) == (1, False)
    assert found.notes == ("x weggelassen: tiefer als 32 Ebenen verschachtelt",)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://x.org/ein blatt.pdf", "https://x.org/ein%20blatt.pdf"),
        (" https://x.org/a\n.pdf ", "https://x.org/a.pdf"),
        ("https://x.org/a\u00a0b", "https://x.org/a%C2%A0b"),
        ("//x.org/a", "https://x.org/a"),
        ("https://x.org/übung.pdf", "https://x.org/übung.pdf"),
        ("https://x.org/a?q=zwei wörter", "https://x.org/a?q=zwei%20wörter"),
    ],
)
def test_an_address_is_read_as_browsers_read_it(written, url):
    found = record(encoding=[{"contentUrl": written}])
    assert [link.url for link in found.links] == [url]
    assert not found.notes


@pytest.mark.parametrize(
    "agent",
    [
        {"type": "Organization", "name": "Helle Kreise"},
        {"type": "organization", "name": "Helle Kreise"},
        {"@type": ["Organisation"], "name": {"de": "Helle Kreise"}},
        {"type": "https://schema.org/EducationalOrganization", "name": "Helle Kreise"},
        {"type": ["Thing", "schema:CollegeOrUniversity"], "name": "Helle Kreise"},
    ],
)
def test_an_organisation_stays_one(agent):
    assert record(creator=agent).authors == (Name("Helle Kreise", is_group=True),)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ({"type": "Person", "name": "Anna Bund"}, Name("Anna Bund")),
        (
            {"type": "Person", "givenName": "María", "familyName": "Muster Probe"},
            Name("María Muster Probe", family="Muster Probe"),
        ),
        ({"name": "María Muster", "familyName": "Muster"}, Name("María Muster", family="Muster")),
        ({"type": 7, "name": "Anna Bund"}, "Anna Bund"),
        ("Anna Bund", "Anna Bund"),
    ],
)
def test_a_person_is_one_where_the_record_says_so(agent, name):
    assert record(creator=[agent]).authors == (name,)


def test_groups_that_others_name_stand_in_for_a_missing_publisher():
    group = {"type": "Organization", "name": "Helle Kreise"}
    assert record(sourceOrganization=[group]).publisher == record(organization=group).publisher == "Helle Kreise"
    assert record(sourceOrganization=[group], publisher="Verlag").publisher == "Verlag"
    assert record(organization=group).raw["organization"] == group


@pytest.mark.parametrize(
    ("value", "year"),
    [
        *((day, 2020) for day in ("04.10.2020", "4.10.2020", "4. 10.2020", "4. 10. 2020", "10.2020", "10/2020")),
        *((day, 2020) for day in ("4. Oktober 2020", "Oktober 2020", "Okt. 2020", "04-Oct-2020", "October 4, 2020")),
        *((day, 2020) for day in ("2020/10/04", "20201004", "2020-10-4", "2020-10-04T08:30:00Z", "2020-10-04T08Z")),
        *(
            (day, 2020)
            for day in ("04.10.2020 08:30", "04.10.2020, 8.30 Uhr", "So, 04.10.2020", "Sunday, October 4th, 2020")
        ),
        *((day, 2020) for day in ("10/04/2020", "31/12/2020", "ca. 2020", "[2020]", "© 2020", "2020?", "Herbst 2020")),
        *((day, 2020) for day in ("Sun, 04 Oct 2020 08:30:00 GMT", ["4.10.2020"], {"@value": "4.10.2020"})),
        *(
            (day, None)
            for day in ("04.10.20", "31.31.2020", "32.12.2020", "2020-13-01", "2019-2021", "heute", 1601769600)
        ),
    ],
)
def test_a_date_may_be_written_as_people_here_write_it(value, year):
    found = record(datePublished=value)
    assert found.year == year
    assert bool(found.notes) is (year is None)


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("Deutsch", ("de",)),
        ("german", ("de",)),
        ("Deutsch (de)", ("de",)),
        ("Englisch", ("en",)),
        ("Türkisch", ("tr",)),
        ("Leichte  Sprache", ("de-simple",)),
        ("Deutsche Gebärdensprache", ("gsg",)),
        ("DGS", ("dgs", "gsg")),
        ({"de": "Deutsch"}, ("de",)),
        ([{"id": "http://id.loc.gov/vocabulary/iso639-2/ger"}], ("ger", "de")),
        ("de, en", ("de", "en")),
        ("Deutsch; Polnisch", ("de", "pl")),
        (["Deutsch", "de"], ("de",)),
        ("Klingonisch", ("klingonisch",)),
    ],
)
def test_a_language_may_be_called_by_its_name(value, codes):
    found = record(inLanguage=value)
    assert found.languages == codes
    assert not found.notes


@pytest.mark.parametrize("value", [None, 7, "x", [], True])
def test_only_an_object_is_a_record(value):
    assert failure(value).field == ""
