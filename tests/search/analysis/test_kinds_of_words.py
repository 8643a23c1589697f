"""How words are really written: each kind of spelling, and what it must and must not be found by.

A row is a query, a text, and whether the query finds a word of it. Every kind is a rule or a table, so its rows are
examples: none is named in the code.
"""

from __future__ import annotations

import pytest

from search.analysis.analysers import analyser
from search.analysis.marking import Matcher

GERMAN = analyser("de")

FOUND = """
participles: unterstützt | Unterstützte Kommunikation
participles: Unterstützung | unterstützte Kinder
participles: unterstützte | Unterstützung im Unterricht
participles: vereinfacht | vereinfachte Texte
participles: angepasst | angepasstes Material
participles: anpassen | angepasste Texte
participles: differenziert | differenzierte Aufgaben
participles: lesen | gelesene Bücher
participles: vorlesen | vorgelesene Geschichten
participles: fördern | geförderte Kinder
participles: hören | gehörte Sprache
participles: üben | geübten Lesern
participles: beschließen | Das wurde beschlossen.
participles: unterstreichen | Das Verb wird unterstrichen.
participles: entzünden | Sie entzündeten ein Licht
participles: lernende | Schulen lernen
participles: natürlich | die natürlichste Sache
linking s: Tier | Mein Lieblingstier
linking s: Teil | Der mündliche Prüfungsteil
linking s: Turm | Zwillingstürme
linking s: Pate | Ein Bildungspate liest vor
linking s: Teil | Gesprächsteile
linking s: Tier | Meerestiere
linking s: Plan | Entwicklungsplan
linking s: Tafel | Ausstellungstafeln
linking s: Preis | Förderungspreis
Straße: Straße | Bahnhofstraße 4
Straße: Straße | Ludwigstraße 3
Straße: Straße | Lindenstrasse
Straße: straße | Rosenstraßen
Straße: Straße | Nordrandstraße
gender: Kollege | eine Kollege:in
gender: Kollege | Kolleg_innen
gender: Pädagoge | Pädagoge*in gesucht
gender: Experte | Experte/in
gender: Zeuge | Zeuge/-innen
gender: Therapeut | Therapeut·innen
gender: Psychologe | Psychologe(in)
two spellings: selbstständig | selbständig arbeiten
two spellings: selbständig | Selbstständigkeit
two spellings: Orthografie | Orthographie üben
two spellings: Geographie | Geografieunterricht
two spellings: Fantasie | Eine Phantasiereise
two spellings: Phantasie | Fantasiegeschichten
two spellings: Potenzial | Potentiale erkennen
two spellings: Photo | Fotos vom Ausflug
two spellings: Biografie | Biographiearbeit
two spellings: aufwendig | aufwändiger
two spellings: Delfin | Delphintherapie
two spellings: nummerieren | numerieren
two spellings: Stängel | Der Stengel der Blume
two spellings: Tipp | Ein Tip für Eltern
multiplication: 1x1 | Kartei zum 1×1
multiplication: 1x1 | Kartei zum 1 x 1
multiplication: 3×4 | 3x4 Felder
options: ADS | Eltern von Kindern mit AD(H)S
options: ADHS | AD(H)S im Unterricht
options: AD(H)S | ADS bei Mädchen
options: MINT | MIN(K)T
dashes: Vorteile | Vor– und Nachteile
dashes: Lernförderung | Lern– und Sprachförderung
dashes: Sprachtherapie | Sprachförderung und –therapie
dashes: Sehbehinderung | Seh− und Hörbehinderung
old files: Übung | Die ¨Ubungen
old files: Prüfung | vor der Pr¨ufung
old files: für | f¨ur alle
numbers: 00123456 | ISSN 0012-3456
numbers: ISSN 0012-3456 | ISSN 00123456
numbers: 9783161484100 | ISBN 978–3–16–148410–0
numbers: 10.1000/xyz123 | https://doi.org/10.1000/xyz123.
numbers: 10.5281/ZENODO.12 | doi:10.5281/zenodo.12
capitals inside: YouTube | youtube
capitals inside: You Tube | YouTube
capitals inside: Apps | LearningApps
capitals inside: Datei | PDFDatei
capitals inside: Lehrer | LehrerInnen
Latin plurals: Atlas | Drei Atlanten
Latin plurals: Index | Indizes
Latin plurals: Matrix | Matrizes
Latin plurals: Lexikon | Lexika
Latin plurals: Modus | zwei Modi
letters: Angstrom | Ångström
letters: Aarhus | Århus
letters: Ostergaard | Østergaard
parts: Nadel | Häkelnadel
parts: häkeln | Häkelnadel
parts: Floß | Floßfahren
parts: verhalten | verhaltensauffällig
parts: Fluss | Flußebenen
parts: Vorlage | Gegenvorlage
parts: Struktur | Unterstrukturen
parts: Bus | Busparkplatz
parts: neu | Neuinfektionen
"""

NOT_FOUND = """
linking s: Stier | Mein Lieblingstier
linking s: steil | Der mündliche Prüfungsteil
linking s: Spat | Ein Bildungspate liest vor
linking s: Strick | Verwandlungstricks
linking s: Stempel | Schönheitstempel
parts: Adel | Häkelnadel
parts: Adel | Punktiernadel
parts: Stirn | Siebengestirn
parts: Elite | Satellitenbild
parts: Lunge | Handlungen
participles: Aufgaben | aufgeben
participles: Gericht | Er richtet an.
gender: Kolleg | Kollege:in
two spellings: stoppen | Der Stopfen
numbers: 2019 | ISSN 2019-5555
capitals inside: Innen | LehrerInnen
Latin plurals: Album | Alba und Julia
letters: Storung | Störung
"""


def rows(text: str) -> list[tuple[str, str]]:
    """Return query and text of each row."""
    pairs = (line.split(": ", 1)[1].split(" | ") for line in text.strip().splitlines())
    return [(query, found) for query, found in pairs]


def finds(query: str, text: str) -> bool:
    matcher = Matcher.for_tokens(GERMAN.words(query))
    return bool(matcher.settled([token for token in GERMAN.words(text) if matcher.matches(token)]))


@pytest.mark.parametrize(("query", "text"), rows(FOUND))
def test_a_word_is_found_however_it_is_written(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(("query", "text"), rows(NOT_FOUND))
def test_a_word_that_only_looks_alike_is_not_found(query: str, text: str) -> None:
    assert not finds(query, text)


@pytest.mark.parametrize(
    ("text", "marked"), [("Die ¨Ubung", "¨Ubung"), ("Pr¨ufung", "Pr¨ufung"), ("nach der ˚Angabe", "˚Angabe")]
)
def test_offsets_hold_with_dots_before_a_letter(text: str, marked: str) -> None:
    last = GERMAN.words(text)[-1]
    assert text[last.start : last.end] == marked
