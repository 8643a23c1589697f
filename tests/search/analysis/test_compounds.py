"""Compounds: which words are taken apart, which never, and what meets because of it.

Meeting is judged by lemmas and parts alone: a split that only a stem would repair is a bug here.
"""

import pytest

from search.analysis.analysers import analyser
from search.analysis.tokens import Token

GERMAN = analyser("de")


def only(text: str) -> Token:
    (token,) = GERMAN.words(text)
    return token


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Sprachförderung", "sprache foerderung"),
        ("Sprachförderungen", "sprache foerderung"),
        ("sprachfoerderung", "sprache foerderung"),
        ("Leseschwäche", "lesen schwaeche"),
        ("leseschwache", "lesen schwach"),
        ("leseschwachen", "lesen schwach"),
        ("Sachaufgaben", "sache aufgabe"),
        ("Nachteilsausgleich", "nachteil ausgleich"),
        ("Förderschwerpunkt", "foerdern schwerpunkt"),
        ("Foerderschwerpunkte", "foerdern schwerpunkt"),
        ("Förderkonzept", "foerdern konzept"),
        ("Schulbegleitung", "schule begleitung"),
        ("Lernförderung", "lernen foerderung"),
        ("Gebärdensprache", "gebaerde sprache"),
        ("Erziehungshilfe", "erziehung hilfe"),
        ("Inklusionsassistenz", "inklusion assistenz"),
        ("Kooperationsverbund", "kooperation verbund"),
        ("Klinikschule", "klinik schule"),
        ("Rechenschwäche", "rechnen schwaeche"),
        ("Hilfsmittel", "hilfe mittel"),
        ("Kindergarten", "kind garten"),
        ("Kinderbuch", "kind buch"),
        ("Bilderbücher", "bild buch"),
        ("Sonderpädagogik", "sonder paedagogik"),
        ("Klassenzimmer", "klasse zimmer"),
        ("Lehrerzimmer", "lehrer zimmer"),
        ("Schülerrat", "schueler rat"),
        ("Lebensraum", "leben raum"),
        ("Tageslicht", "tag licht"),
        ("Arbeitsblätter", "arbeit blatt"),
        ("Lehrkraft", "lehren kraft"),
        ("Elternabend", "eltern abend"),
        ("Hausaufgaben", "haus aufgabe"),
        ("Medienpädagogik", "medium paedagogik"),
        ("Themenheft", "thema heft"),
        ("Studiengang", "studium gang"),
        ("Datenschutz", "daten schutz"),
        ("Wortschatz", "wort schatz"),
        ("Hauptstraße", "haupt strasse"),
        ("Wintersport", "winter sport"),
        ("Geburtstag", "geburt tag"),
        ("Selbstbestimmung", "selbst bestimmung"),
        ("barrierefreie", "barriere frei"),
        ("verhaltensauffällig", "verhalten auffaellig"),
        ("praxisnahe", "praxis nah"),
        ("inklusionsorientierter", "inklusion orientiert"),
        ("Sonderschulpflicht", "sonder schule pflicht"),
        ("Lernstandserhebung", "lernen stand erhebung"),
        ("Gebärdensprachdolmetscher", "gebaerde sprache dolmetscher"),
        ("Schwerstmehrfachbehinderung", "schwerst mehrfach behinderung"),
        ("Leserechtschreibschwäche", "lesen rechtschreibung schwaeche"),
        ("Mathematiklehrkräfte", "mathematik lehren kraft"),
        ("Autismusspektrumsstörung", "autismus spektrum stoerung"),
        ("Haustiere", "haus tier"),
        ("Unterrichtsfach", "unterricht fach"),
        ("Wochenende", "woche ende"),
        ("Fussball", "fuss ball"),
        ("Fußball", "fuss ball"),
    ],
)
def test_a_compound_has_the_lemmas_of_its_parts(text, parts):
    assert only(text).parts == tuple(parts.split())


SIMPLE_WORDS = """
Beispiel Unterricht Material Lehrer Lehrerin Freude Musik Interesse Integration Inklusion Autismus
Methode Vertrauen Erfahrung Schulden Ergebnis Sachsen Mutter Tastatur Kompetenz Partner Kommunikation
Station Beratung Verhalten Entwicklung Diagnose Deutschland Nachteil Überblick Aufgabe Ausgleich
Schwerpunkt Nachhilfe Vorteil Teilhabe Rechtschreibung Gesellschaft Gemeinschaft Eigenschaft Freiheit
Möglichkeit lebhaft gehörlos Lehrende Studierende folgende Generation Kombination Transport Republik
Sprecher verbrauchen beispielsweise normalerweise Nachteile Handlungen Merkmale bestehen verbringen
deutschen russischen Interessen Materialien Integrieren definieren Antwort Support Literatur Kultur Natur
Figur Projekt Objekt Prozess Konzept Rezept Problem System Programm Grammatik Mathematik Alphabet
Erzieher Betreuung Begleitung Beobachtung Behinderung Wahrnehmung Verständnis Verantwortung
Zusammenarbeit Quartier Apparat Diktat Referat Formular Kalender Oktober Dezember Königin Schmetterling
Frühling wiederholen weiterentwickelt unterhalten vorlesen teilnehmen darstellen Berlin Leipzig Chemnitz
Zwickau
"""


@pytest.mark.parametrize("text", SIMPLE_WORDS.split())
def test_a_simple_word_stays_whole(text):
    assert only(text).parts == ()


# Each line: a query, then texts it must find ("+") or must not find ("-").
MEETINGS = """
Bücher + Buch, buecher, BÜCHER, Büchern, Bilderbuch, Kinderbücher, Hand-Buch - buchen, Bucht
Buch + Bücher, Schulbuch, Kinderbuch, Hörbuch - buchen, Buche
Straße + Strassen, STRASSE, Straßen, Straßenverkehr - streng
Förderung + Förderungen, foerderung, FÖRDERUNG, Sprachförderung, Lernförderung, LRS-Förderung - Forderung, Forderungen, fordern, Förderschwerpunkt
Forderung + Forderungen - Förderung, foerderung, Lernförderung
Sprachförderung + Förderung der Sprache, Sprach-Förderung, Sprach förderung, Sprachförderungen, Sprache und ihre Förderung, sprachfoerderung - Leseförderung, Förderung
Förderung der Sprache + Sprachförderung, Sprach-Förderung, Lern- und Sprachförderung - Sprachforderung
Lernförderung + Lern- und Sprachförderung, Förderung des Lernens, Lern-Förderung - Sprachförderung
Bundesland + Bundes-Land, Bundes·land, Bundesländer, bundeslaender - Landkreis
Bundes-Land + Bundesland, Bundesländern - Ausland
Lehrer + Lehrer:innen, Lehrer*innen, LehrerInnen, Lehrer/innen, Lehrer/-innen, Lehrer(innen), Lehrerinnen, Lehrerin, Lehrern, Lehrer_in, Lehrerzimmer, Lehrer:innenbildung - Leere, leer
Lehrer:innen + Lehrer, Lehrerin, Lehrern, Lehrerinnen und Lehrer - Schüler
Lehrerin + Lehrer, Lehrer*innen - Termin
Schüler + Schüler:innen, Schülerinnen, schueler, Schülerrat - Schuld, Schule
Schülerinnen + Schüler, Schüler*innen, Schülerin - Schulen
Autisten + Autist:innen, Autistin, Autist - Artist, Auto
Pädagogen + Pädagog:innen, Pädagogin, Sonderpädagogen, Sonderpädagog*innen - Päckchen
Kollegen + Kolleg:innen, Kollegin, Kollege - Kolonne
Arzt + Ärztin, Ärzt:innen, Ärzte, Aerztinnen, Zahnarzt, Kinderärztin - Art
Leseschwäche + leseschwäche, Lese-Schwäche, Schwäche beim Lesen, Leseschwaeche - Rechenschwäche
leseschwache + leseschwach, leseschwachen, lese-schwache, schwach im Lesen - Leseratte
Sachaufgaben + Sachaufgabe, sachaufgaben, Sach-Aufgaben, SACHAUFGABEN - Sachsen, Aufgaben
Aufgaben + Aufgabe, Sachaufgaben, Hausaufgaben, Einmaleinsaufgaben - aufgeben, Ausgaben
lesen + Lesen, liest, gelesen, las, Lesekompetenz, Leseschwäche, Lesebuch - lösen, lassen
Lesen + lesen, liest, Leseförderung - Lesung
rechnen + Rechnen, gerechnet, Rechenschwäche, Rechenstörung - rächen, Rechte
schreiben + Schreiben, geschrieben, Schreibstörungen - Schrauben
hören + Hören, hört, Hörbehinderung, hoeren - Horn
sehen + Sehen, sieht, Sehbehinderung, gesehen - Sehne, sehr
Sehbehinderung + Hör- und Sehbehinderung, Behinderung des Sehens, Seh-Behinderung - Hörbehinderung
Hörbehinderung + Hör- und Sehbehinderung, Hör-Behinderung - Sehbehinderung
Nachteilsausgleich + Nachteilsausgleiche, Nachteils-Ausgleich, Ausgleich von Nachteilen, nachteilsausgleich - Vorteil, Nachteil
Nachteil + Nachteile, Vor- und Nachteile, Nachteilsausgleich - Nacht, Teil
Vorteile + Vor- und Nachteile, Vorteil - Vortrag
Förderschwerpunkt + Förderschwerpunkte, Förder-Schwerpunkt, foerderschwerpunkt, Förder-\\nschwerpunkt - Schwerpunkt, Förderung
Schwerpunkt + Schwerpunkte, Förderschwerpunkt, Forschungsschwerpunkte - Punkt, schwer
Schulbegleitung + Schul-Begleitung, Schulbegleitungen, Begleitung in der Schule, Schul begleitung - Begleitung
Schulbegleiter + Schulbegleiterin, Schulbegleiter:innen, Schul-Begleiter*innen - Begleiter
Inklusionsassistenz + Inklusionsassistenzen, Inklusions-Assistenz, Assistenz zur Inklusion - Assistenz
Erziehungshilfe + Erziehungshilfen, Hilfe zur Erziehung, Erziehungs-Hilfe - Erziehung
Gebärdensprache + Gebärden-Sprache, gebaerdensprache, Gebärdensprachdolmetscher, Deutsche Gebärdensprache - Gebärden
Gebärden + Gebärde, Gebärdensprache - Gebäude
Leichte Sprache + leichter Sprache, Leichter Sprache, Leichte-Sprache, leichte Sprachen - Sprache
Klinikschule + Klinik-Schule, Klinikschulen, Schule in der Klinik - Klinik
Schule + Schulen, Klinikschule, Grundschule, Förderschulen, Schulbuch - Schuld, Schulter
Grundschule + Grundschulen, Grund-Schule, Grundschulkinder - Grund
Kooperationsverbund + Kooperationsverbünde, Kooperations-Verbund - Kooperation
Autismus + Autismus-Spektrum, Autismusspektrumsstörung, autismus - Artismus
Unterstützte Kommunikation + unterstützter Kommunikation, unterstuetzte kommunikation - Kommunikation
Rechenschwäche + Rechen-Schwäche, rechenschwaeche, Schwäche im Rechnen - Leseschwäche
Rechtschreibung + Rechtschreibschwäche, rechtschreibung, Lese-Rechtschreib-Schwäche - Beschreibung
Kinder + Kind, Kindern, kinder, Kindergarten, Kinderbuch - Kinn
Hilfen + Hilfe, Hilfsmittel, Erziehungshilfen - Helm
Klassen + Klasse, 4. Klasse, Klassenzimmer - Klausur
Noten + Note, Notenschutz - Not, Notiz
Spiele + Spiel, Lernspiele, spielen - Spiegel
Übungen + Übung, uebungen, Übungsblatt - Überzeugung
Gefühle + Gefühl, gefuehl, Mitgefühl und Gefühle - Geflügel
Ängste + Angst, aengste, ängste - eng
Bäume + Baum, baeume, Apfelbaum - Bau
Häuser + Haus, haeuser, Krankenhaus - Hase
Wörter + Wort, woerter, Wörterbuch, Wortschatz - Ort
Texte + Text, texte, Sachtexte - Textil
Medien + Medium, Medienpädagogik, Medienkompetenz - Medizin
Themen + Thema, Themenheft, Unterrichtsthemen - Theke
Materialien + Material, Unterrichtsmaterial, materialien - materiell
Museen + Museum, museen - Muse
Praxis + Praxen, Praxisbuch, Unterrichtspraxis - Prozess
Prozesse + Prozeß, Prozess, Lernprozesse - Profess
Daten + Datenschutz, daten - Dattel
inklusiv + inklusive Schule, inklusiver Unterricht, inklusiven - exklusiv
Gehörlose + gehörlos, Gehörlosen, gehoerlose Kinder - Gehör
Blinde + blind, blinde Kinder, Blinden - Blick
Jugendliche + Jugendlichen, jugendliche - Jubel
Eltern + eltern, Elternabend, Elternarbeit - Eltville
Musik + Musikunterricht, musik - Muskel
Mathematik + Mathe, mathematikunterricht, Mathematik-Lehrkraft - Mathilde
Mathe + Mathematik, Mathe-Aufgaben - Matte
LRS + lrs, LRS-Förderung - LSE
DaZ + daz, DaZ-Unterricht - dazu
ESE + ese, ESE-Klasse - Esel
E-Mail + email, Email, E-Mails - Meile
4 + 4. Klasse, Klasse 4, Klasse 4-6 - 14, 40
ISBN 9783161484100 + ISBN 978-3-16-148410-0 - ISBN 978-3-16-148410-1
10-jährige + 10jährige, 10-jähriger, 10-Jährige - 11-jährige
Lese-Rechtschreib-Schwäche + Leserechtschreibschwäche, Lese-Rechtschreibschwäche - Schwäche
Schwerstbehinderung + Schwerst-/Mehrfachbehinderung - Behinderung
Mehrfachbehinderung + Schwerst-/Mehrfachbehinderung, mehrfachbehinderung - Behinderung
Wahrnehmung + Wahrnehmungsstörung, wahrnehmung - Wahrheit
Verhalten + Verhaltensauffälligkeiten, verhalten, Lernverhalten - Verhältnis
Beratung + Beratungsstelle, Elternberatung - Bericht
Entwicklung + Entwicklungsplan, Schulentwicklung, geistige Entwicklung - Verwicklung
Teilhabe + teilhabe, Teilhabechancen - Teil, Inhaber
Barrierefreiheit + Barriere-Freiheit, barrierefreiheit - Freizeit
Stundenplan + Stunden-Plan, Stundenpläne - Plan
Wie kann ich Sachaufgaben erklären + Sachaufgaben einfach erklären - Sachkunde
Tag + Tage, Projekttag, Tagesplan - Tal
Rat + Schülerrat, Elternrat - Rad
Test + Lesetest, Tests, Testverfahren - Text
"""


def _pairs() -> list[tuple[str, str, bool]]:
    pairs = []
    for line in MEETINGS.strip().splitlines():
        query, _, rest = line.partition(" + ")
        found, _, missed = rest.partition(" - ")
        pairs += [(query, text.replace("\\n", "\n"), True) for text in found.split(", ")]
        pairs += [(query, text, False) for text in missed.split(", ")]
    return pairs


def finds(query: str, text: str) -> bool:
    """Every word of the query stands in the text, itself or as a part, or all parts of it do."""
    tokens = GERMAN.words(text)
    lemmas = {lemma for token in tokens for lemma in token.lemmas}
    parts = {part for token in tokens for part in token.parts}
    return all(
        not lemmas.isdisjoint(wanted.lemmas)
        or not parts.isdisjoint(wanted.lemmas)
        or (wanted.parts and set(wanted.parts) <= lemmas | parts)
        for wanted in GERMAN.words(query)
        if not wanted.is_stopword
    )


@pytest.mark.parametrize(("query", "text", "expected"), _pairs())
def test_words_of_the_field_meet_or_do_not(query, text, expected):
    assert finds(query, text) is expected


def test_there_are_enough_pairs_to_trust_them():
    assert len(_pairs()) > 300
