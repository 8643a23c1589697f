"""The analysis of German: what is one word, what meets, and that nothing breaks it."""

import gc
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.analysers import KEPT, analyser
from search.analysis.languages.german import German
from search.analysis.tokens import MAX_TERM, Token, fold

GERMAN = analyser("de")
analyse = GERMAN.words


def words(text: str) -> str:
    return GERMAN.text(text).words


def terms(text: str) -> str:
    return GERMAN.text(text).terms


def only(text: str, *editor_words: str) -> Token:
    """The single token of a text, with these words of editors."""
    (token,) = analyser("de", editor_words).words(text)
    return token


# --- folding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Förderung", "foerderung"),
        ("Ärzte", "aerzte"),
        ("ÜBUNG", "uebung"),
        ("Straße", "strasse"),
        ("STRAẞE", "strasse"),
        ("Café", "cafe"),
        ("Forderung", "forderung"),
        ("børn", "boern"),
        ("Łódź", "lodz"),
        ("Fo\u0308rderung", "foerderung"),
        ("İstanbul", "istanbul"),
        ("", ""),
    ],
)
def test_folding_writes_umlauts_out_and_strips_other_marks(text, folded):
    assert fold(text) == folded


# --- tokens and offsets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bücher für Kinder", "buecher fuer kinder"),
        ("4. Klasse", "4 klasse"),
        ("§ 4c SächsSchulG", "§4c saechsschulg"),
        ("Klasse 5-6", "klasse 5 6"),
        ("Stand: 2024-05-01", "stand 2024-05-01"),
        ("ISBN 978-3-16-148410-0", "isbn 9783161484100"),
        ("ISBN 3-16-148410-X", "isbn 316148410x"),
        ("E-Mail", "email"),
        ("LRS-Förderung", "lrsfoerderung"),
        ("Sprach-Förderung", "sprachfoerderung"),
        ("Bundes·land", "bundesland"),
        ("Bundes•land", "bundesland"),
        ("10-jährige", "10jaehrige"),
        ("1:1-Betreuung", "1:1 betreuung"),
        ("Piagets und Piaget's", "piagets und piaget"),
        ("Schwerst-/Mehrfachbehinderung", "schwerst mehrfachbehinderung"),
        ("und/oder", "und oder"),
        ("https://example.org/a_b", "https example org a b"),
        ("ﬁnden", "finden"),
        ("  \n\t ", ""),
        ("...!?", ""),
    ],
)
def test_a_text_becomes_one_folded_word_per_position(text, expected):
    assert words(text) == expected


def test_offsets_refer_to_the_text_as_given():
    text = "För\u00adder\u00adschwer\u00adpunkt: ﬁnden …"
    first, second = analyse(text)
    assert text[first.start : first.end] == "För\u00adder\u00adschwer\u00adpunkt" == first.text
    assert text[second.start : second.end] == "ﬁnden"


def test_soft_hyphens_disappear_from_words():
    assert words("Sprach\u00adförderung") == "sprachfoerderung"


def test_decomposed_umlauts_are_the_same_letters():
    assert only("Fo\u0308rderung").lemmas == only("Förderung").lemmas


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Förder-\nschwerpunkt", "foerderschwerpunkt"),
        ("Förder- \n  schwerpunkt", "foerderschwerpunkt"),
        ("Förder\u2010\nschwerpunkt", "foerderschwerpunkt"),
        ("LRS-\nFörderung", "lrsfoerderung"),
        ("Vor-\nund Nachteile", "vor und nachteile"),
        ("Vor-\noder Nachteil", "vor oder nachteil"),
        ("Vor- und Nachteile", "vor und nachteile"),
        ("10-\n12", "10 12"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_joins_only_what_is_one_word(text, expected):
    assert words(text) == expected


def test_a_word_broken_at_a_line_end_keeps_its_offsets():
    text = "der Förder-\nschwerpunkt."
    token = analyse(text)[1]
    assert (token.start, token.end) == (4, 23)
    assert token.lemmas == ("foerderschwerpunkt",)


def test_a_line_break_that_extraction_turned_into_a_space_is_healed():
    assert "foerderschwerpunkt" in analyse("Förder- schwerpunkt")[0].lemmas


# --- lemmas -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forms", "lemma"),
    [
        ("Bücher Buch buecher BÜCHER bücher Büchern Buches buch", "buch"),
        ("Straßen Strassen Straße strasse STRASSE", "strasse"),
        ("Kinder Kindern kinder Kindes KINDER kind", "kind"),
        ("lernen Lernen gelernt lernt lernte", "lernen"),
        ("Lesen lesen gelesen las liest lese", "lesen"),
        ("rechnen Rechnen rechnet gerechnet", "rechnen"),
        ("Hören hören hört", "hoeren"),
        ("Sehen sehen sieht", "sehen"),
        ("Schwerpunkte schwerpunkte Schwerpunkt", "schwerpunkt"),
        ("Aufgaben aufgaben Aufgabe aufgabe", "aufgabe"),
        ("Hilfen hilfen Hilfe", "hilfe"),
        ("geistige geistiger geistigen Geistige", "geistig"),
        ("Klassen klassen Klasse KLASSEN", "klasse"),
        ("Noten noten Note", "note"),
        ("Spiele spiele Spiel spiel Spielen", "spiel"),
        ("Übungen übungen uebungen Übung", "uebung"),
        ("Gefühle gefühle Gefühl gefuehle", "gefuehl"),
        ("Ängste ängste Angst aengste", "angst"),
        ("Bäume bäume Baum baeume", "baum"),
        ("Häuser häuser Haus haeuser", "haus"),
        ("Wörter wörter Wort woerter", "wort"),
        ("Texte texte Text text", "text"),
        ("Medien medien Medium", "medium"),
        ("Themen themen Thema", "thema"),
        ("Materialien materialien Material material", "material"),
        ("Museen museen Museum", "museum"),
        ("Praxen praxen Praxis", "praxis"),
        ("Daten daten DATEN", "daten"),
        ("inklusive inklusiver inklusiv Inklusive inklusiven", "inklusiv"),
        ("blind blinde Blinde Blinden blinder", "blind"),
        ("gehörlos Gehörlose gehörlosen Gehörlosen gehoerlose", "gehoerlos"),
        ("jugendlich Jugendliche Jugendlichen jugendliche", "jugendlich"),
        ("Studierende Studierenden studierende", "studierend"),
        ("Inklusionsassistenz Inklusionsassistenzen inklusionsassistenz", "inklusionsassistenz"),
        ("Förderung Förderungen foerderung FÖRDERUNG", "foerderung"),
        ("neu neue neuen Neues", "neu"),
        ("muß muss Muß", "muss"),
        ("Prozeß Prozess Prozesse", "prozess"),
        ("Eltern eltern", "eltern"),
    ],
)
def test_all_forms_of_a_word_share_its_lemma_in_any_case(forms, lemma):
    missing = [token.text for token in analyse(forms) if lemma not in token.lemmas]
    assert not missing


@pytest.mark.parametrize("text", ["Steuer", "Poesie", "aktuell", "neue", "Israel", "Feuer", "zuerst", "Bauer", "Aloe"])
def test_a_real_ae_oe_ue_is_no_umlaut(text):
    token = only(text)
    assert token.known
    assert fold(text) == token.word
    assert token.lemmas[0][:3] == token.word[:3]


def test_every_known_reading_of_a_spelling_counts():
    assert set(only("Masse").lemmas) == {"masse", "mass"}


@pytest.mark.parametrize("kind", ["lemmas", "parts", "stem", "word"])
def test_a_bare_vowel_never_stands_for_an_umlaut(kind):
    assert getattr(only("Forderung"), kind) != getattr(only("Förderung"), kind) or kind == "parts"
    assert getattr(only("fordern"), kind) != getattr(only("fördern"), kind) or kind == "parts"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Forderung", "Förderung"), ("Forderungen", "Foerderungen"), ("schwule", "Schwüle"), ("Schuler", "Schüler")],
)
def test_stems_keep_their_umlauts(one, other):
    assert only(one).stem != only(other).stem


@pytest.mark.parametrize("text", ["Förderkonzeptes", "foerderkonzeptes", "FÖRDERKONZEPTES"])
def test_stems_do_not_depend_on_how_an_umlaut_was_typed(text):
    assert only(text).stem == "foerderkonzept"


def test_real_digraphs_survive_in_stems():
    assert only("aktuelle").stem == "aktuell"


@pytest.mark.parametrize(
    ("text", "lemma"),
    [("children", "child"), ("børn", "barn"), ("skoler", "skole"), ("understanding", "understand")],
)
def test_english_and_danish_words_are_known(text, lemma):
    token = only(text)
    assert token.known
    assert token.lemmas[0] == lemma


def test_german_comes_before_english():
    assert only("Kind").lemmas == ("kind",)
    assert only("Rose").lemmas == ("rose",)


@pytest.mark.parametrize("text", ["Zxqwerty", "Ferderung", "Lüdenscheidtowski"])
def test_an_unknown_word_is_its_own_lemma(text):
    token = only(text)
    assert not token.known
    assert token.lemmas == (fold(text),)
    assert token.parts == ()


def test_endings_of_unknown_adjectives_are_dropped():
    assert only("praxeologischen").lemmas == only("praxeologische").lemmas == ("praxeologisch",)


@pytest.mark.parametrize("text", ["2024", "4c", "12", "A4", "3D"])
def test_numbers_are_kept_and_known(text):
    token = only(text)
    assert token.known
    assert token.lemmas == (text.lower(),)


# --- abbreviations ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["LRS", "ESE", "DaZ", "GE", "KME", "EmSoz", "LSE", "ADHS", "lrs", "ese", "daz", "kme"])
def test_an_abbreviation_stays_as_it_is_in_any_case(text):
    token = only(text)
    assert (token.lemmas, token.parts, token.stem) == ((fold(text),), (), fold(text))
    assert token.known


def test_capitals_that_make_no_word_are_an_abbreviation():
    assert only("XQZ").stem == "xqz"
    assert not only("XQZ").known


def test_a_heading_in_capitals_is_ordinary_german():
    assert only("SACHAUFGABEN").lemmas == only("Sachaufgaben").lemmas
    assert only("KINDER").lemmas == ("kind",)


# --- gender forms -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Lehrer:innen",
        "Lehrer*innen",
        "Lehrer_innen",
        "LehrerInnen",
        "Lehrer/innen",
        "Lehrer/-innen",
        "Lehrer(innen)",
        "Lehrer:in",
        "Lehrer*in",
        "Lehrer/in",
        "Lehrer(in)",
        "LehrerIn",
        "Lehrer·innen",
        "Lehrerinnen",
        "Lehrerin",
        "Lehrern",
        "Lehrer",
        "lehrer",
        "LEHRER",
        "LEHRER:INNEN",
    ],
)
def test_every_gender_form_is_one_position_with_the_masculine_lemma(text):
    assert only(text).lemmas == ("lehrer",)


@pytest.mark.parametrize(
    ("text", "lemma"),
    [
        ("Schüler:innen", "schueler"),
        ("Schülerinnen", "schueler"),
        ("Autist:innen", "autist"),
        ("Autistin", "autist"),
        ("Pädagog:innen", "paedagoge"),
        ("Pädagogin", "paedagoge"),
        ("Kolleg:innen", "kollege"),
        ("Kollegin", "kollege"),
        ("Ärzt:innen", "arzt"),
        ("Ärztin", "arzt"),
        ("Aerztinnen", "arzt"),
        ("Zauberin", "zauberer"),
        ("Studentin", "student"),
        ("Logopädin", "logopaede"),
        ("Schulbegleiter*innen", "schulbegleiter"),
        ("Schulbegleiterin", "schulbegleiter"),
        ("Schulleiterinnen", "schulleiter"),
        ("Sonderpädagog:innen", "sonderpaedagoge"),
        ("Inklusionsassistent:innen", "inklusionsassistent"),
        ("Didaktikerinnen", "didaktiker"),
        ("Influencer:innen", "influencer"),
        ("Mitarbeiter/-in", "mitarbeiter"),
        ("Jede:r", "jeder"),
        ("Angehörige*r", "angehoerig"),
    ],
)
def test_feminine_forms_meet_the_masculine(text, lemma):
    assert lemma in only(text).lemmas


@pytest.mark.parametrize(
    "text",
    ["Termin", "Berlin", "Medizin", "Disziplin", "Ruin", "Vitamin", "Beginn", "darin", "Magazin", "Latein", "Martin"],
)
def test_words_that_merely_end_in_in_stay(text):
    assert only(text).lemmas == (text.lower(),)


def test_gender_forms_inside_compounds_are_one_word():
    assert only("Lehrer:innenfortbildung").parts == ("lehrer", "fortbildung")
    assert only("Lehrer:innen-Fortbildung").parts == ("lehrer", "fortbildung")
    assert only("Schüler*innenrat").parts == ("schueler", "rat")


# --- hyphens, ellipses, spaces ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lemma", "parts"),
    [
        ("Sprach-Förderung", "sprachfoerderung", ("sprache", "foerderung")),
        ("Bundes-Land", "bundesland", ("bund", "land")),
        ("Bundes·land", "bundesland", ("bund", "land")),
        ("Bundes•land", "bundesland", ("bund", "land")),
        ("Leichte-Sprache-Text", "leichtesprachetext", ("leicht", "sprache", "text")),
        ("LRS-Förderung", "lrsfoerderung", ("lrs", "foerderung")),
        ("LRS-Förderungen", "lrsfoerderung", ("lrs", "foerderung")),
        ("E-Mail", "email", ("mail",)),
        ("Unter·richt", "unterricht", ()),
        ("Lese-Rechtschreib-Schwäche", "leserechtschreibschwaeche", ("lesen", "rechtschreibung", "schwaeche")),
        ("Haus-Aufgaben", "hausaufgabe", ("haus", "aufgabe")),
        ("10-jährige", "10jaehrig", ("10", "jaehrig")),
        ("Schul-Begleiter*innen", "schulbegleiter", ("schule", "begleiter")),
        ("Müller-Lüdenscheidt", "muellerluedenscheidt", ("mueller", "luedenscheidt")),
        ("Kita-Fachkräfte", "kitafachkraft", ("kita", "fach", "kraft")),
    ],
)
def test_a_hyphenated_word_is_one_position_found_closed_and_by_its_pieces(text, lemma, parts):
    token = only(text)
    assert lemma in token.lemmas
    assert token.parts == parts


@pytest.mark.parametrize(
    ("text", "position", "lemma"),
    [
        ("Lern- und Sprachförderung", 0, "lernfoerderung"),
        ("Lern-, Sprach- und Verhaltensförderung", 0, "lernfoerderung"),
        ("Lern-, Sprach- und Verhaltensförderung", 1, "sprachfoerderung"),
        ("Haupt- und Realschule", 0, "hauptschule"),
        ("Vor- und Nachteile", 0, "vorteil"),
        ("Hör- bzw. Sehbehinderung", 0, "hoerbehinderung"),
        ("Schwerst-/Mehrfachbehinderung", 0, "schwerstbehinderung"),
        ("Sprachförderung und -therapie", 2, "sprachtherapie"),
        ("Schulleiterinnen und -leiter", 2, "schulleiter"),
        ("Groß- und Kleinschreibung", 0, "grossschreibung"),
    ],
)
def test_an_ellipsis_also_stands_for_the_whole_word(text, position, lemma):
    assert lemma in analyse(text)[position].lemmas


def test_an_ellipsis_brings_the_parts_of_the_whole_word():
    assert analyse("Lern- und Sprachförderung")[0].parts == ("lernen", "foerderung")


@pytest.mark.parametrize(
    ("text", "lemma"),
    [("Sprach förderung", "sprache"), ("Förder schwerpunkt", "foerdern"), ("Schul begleitung", "schule")],
)
def test_a_torn_compound_has_the_lemma_of_its_first_part(text, lemma):
    assert lemma in analyse(text)[0].lemmas


def test_hyphenation_and_the_closed_word_have_the_same_parts():
    for closed, open_ in [("Sprachförderung", "Sprach-Förderung"), ("Nachteilsausgleich", "Nachteils-Ausgleich")]:
        assert only(closed).parts == only(open_).parts


# --- fields and stop words ----------------------------------------------------------------------------------


def test_terms_are_lemmas_then_parts_then_stem():
    assert terms("Sprachförderung") == "sprachfoerderung +sprache +foerderung ~sprachfoerder"


def test_terms_keep_the_frequency_of_a_word():
    assert terms("Buch Buch").split() == ["buch", "~buch", "buch", "~buch"]


def test_both_genders_named_count_twice():
    assert terms("Lehrerinnen und Lehrer").split().count("lehrer") == 2


def test_nothing_comes_of_nothing():
    assert (words(""), terms(""), analyse("")) == ("", "", ())


@pytest.mark.parametrize(
    "text", ["wie", "was", "Welche", "kann", "ich", "man", "für", "FUER", "mit", "bei", "der", "und"]
)
def test_function_words_are_stop_words(text):
    assert only(text).is_stopword


@pytest.mark.parametrize("text", ["nicht", "ohne", "kein", "keine", "Lehrer", "Sprache", "4", "Hilfe", "sehen"])
def test_words_that_carry_meaning_are_no_stop_words(text):
    assert not only(text).is_stopword


# --- the editors' lexicon -----------------------------------------------------------------------------------


def test_an_editors_word_becomes_known_and_a_part():
    assert not only("Quixelbox").known
    assert only("Quixelbox", "Quixel", "Box").parts == ("quixel", "box")
    assert only("Quixels", "Quixel", "Box").lemmas == ("quixel",)


def test_an_editor_can_keep_a_word_whole_or_take_it_apart():
    entries = ("=Sprachförderung", "Bei|spiel", "LOLA")
    assert only("Sprachförderungen", *entries).parts == ()
    assert only("Beispiel", *entries).parts == ("bei", "spiel")
    assert only("lola", *entries).known
    assert only("Sprachförderung").parts == ("sprache", "foerderung")
    assert only("Beispiel").parts == ()


def test_an_editors_word_wins_over_the_shipped_list():
    assert only("Sprachweise").parts == ()
    assert only("Sprachweise", "Weise").parts == ("sprache", "weise")
    entries = ("!Sprache", "sprach-: Quark", "Förderung: Quark")
    assert only("Sprachförderung", *entries).parts == ("quark", "foerderung")
    assert "quark" in only("Förderung", *entries).lemmas


def test_the_name_of_an_analyser_follows_the_editors_words():
    assert analyser("de", ("Quixel",)).name != GERMAN.name
    assert German().name == German(()).name == GERMAN.name
    assert analyser("de", ("Quixel",)).name == German(["Quixel"]).name


@pytest.mark.parametrize("entry", ["", "  ", "#", "=", "!", "|", ":", "-:", "a|", "x: ", ": y", "ä" * 500, "\x00"])
def test_a_mistyped_editors_entry_breaks_nothing(entry):
    assert only("Sprachförderung", entry).parts == ("sprache", "foerderung")


def test_analysers_with_other_words_stand_side_by_side():
    """Whatever one has seen and remembered, the other goes by its own words."""
    without, whole, apart = German(), German(["=Sprachförderung"]), German(["Quixel", "Box"])
    text = "Quixelbox zur Sprachförderung, Quixelboxen, Sprach- und Leseförderung"
    alone = {analysis: German(words) for analysis, words in ((without, ()), (whole, ["=Sprachförderung"]))}
    for _ in range(2):
        assert [analysis.words("Quixelbox")[0].parts for analysis in (without, whole, apart)] == [
            (),
            (),
            ("quixel", "box"),
        ]
        assert [analysis.words("Sprachförderung")[0].is_compound for analysis in (without, whole, apart)] == [
            True,
            False,
            True,
        ]
        marked = [analysis.marker(analysis.words("Box")).highlight(text) for analysis in (without, whole, apart)]
        assert ["<mark>Quixelbox</mark>" in html for html in marked] == [False, False, True]
        for analysis, fresh in alone.items():
            assert analysis.text(text) == fresh.text(text)
            assert analysis.label(text) == fresh.text(text)
            assert analysis.hyphenated("Quixelboxenhalter", 12) == fresh.hyphenated("Quixelboxenhalter", 12)
    assert without.hyphenated("Quixelbox", 6) != apart.hyphenated("Quixelbox", 6)


def test_a_token_stays_what_it_was_whatever_editors_add():
    token = only("Quixelbox")
    assert only("Quixelbox", "Quixelbox") != token
    assert (token.loose_stem, token.is_whole_in_compounds) == (token.stem, True)


def test_the_same_words_give_the_same_analyser():
    assert analyser("de", ("Quixel",)) is analyser("de", ("Quixel",)) is not analyser("de")
    assert analyser("de-simple") is analyser("fr") is analyser("de")
    assert len({analyser(locale) for locale in ("de", "en", "da")}) == 3


def test_an_analyser_that_nobody_uses_goes_with_all_it_remembers():
    """At once, not when the collector looks at old objects: web processes have it look hardly ever."""
    gc.collect()
    gc.disable()
    try:
        gone = weakref.ref(analyser("de", ("Quixel",)))
        gone().marker(gone().words("Sprachförderung läuft weg")).best_passage("Sprach- und Leseförderung")
        gone().closed(*gone().words("Sprache Förderung"))
        gone().label("Sprachförderung")
        gone().hyphenated("Sprachförderung", 8)
        for number in range(KEPT):
            assert gone() is not None
            analyser("de", (f"Wort{'x' * number}",))
        assert gone() is None
    finally:
        gc.enable()


# --- robustness ---------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_can_be_analysed_and_offsets_fit(text):
    end = 0
    for token in analyse(text):
        assert text[token.start : token.end] == token.text
        assert token.start < token.end
        assert token.end >= end
        end = token.end
        assert token.lemmas
        for term in (token.word, *token.lemmas, *token.parts, token.stem):
            assert term
            assert not any(character.isspace() for character in term)


PIECES = st.sampled_from(
    [
        "Lehrer",
        ":innen",
        "-",
        "- ",
        "/",
        "-/",
        "und",
        "Sprach",
        "förderung",
        "\n",
        "\u00ad",
        "(in)",
        "*",
        "4",
        "·",
        "I",
        "'s",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_there_is_one_word_per_position(text):
    assert len(words(text).split()) == len(analyse(text))


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "ss" * 20_000, "a-" * 20_000, "(" * 50_000, "Lehrer:" * 10_000, "ß\n-" * 9_000]
)
def test_very_long_words_are_cut_and_fast(text):
    assert all(len(token.word) <= MAX_TERM for token in analyse(text))


def test_threads_get_the_same_answers():
    texts = [f"Sprachförderung und Lehrer:innen Nummer {number}" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(terms, texts)) == [terms(text) for text in texts]


@pytest.mark.services
def test_importing_the_module_loads_no_dictionary():
    code = "import sys, search.analysis.analysers; assert 'simplemma' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "text",
    [
        "аутизм",
        "التوحد",
        "аутизм у школі",
        "pomoc dla dziecka z dysleksją",
        "otizmli çocuklar için görsel plan",
        "hvordan kan jeg hjælpe et barn med angst",
        "dyslexia exercises grade 5",
    ],
)
def test_a_question_in_another_language_is_foreign(text: str) -> None:
    assert analyser("de").is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026 12",
        "Krawuttke",
        "rechenschwäche erkennen",
        "Kind stört ständig",
        "TEACCH im Klassenzimmer",
        "Aktienkurs Volkswagen",
        "Förderbedarf Englisch homework",
    ],
)
def test_a_german_question_and_a_single_unknown_word_are_not_foreign(text: str) -> None:
    assert not analyser("de").is_foreign(text)
