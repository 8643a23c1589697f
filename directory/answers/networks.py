"""Which network: a question with a place, a postal code, a school or a number is answered by its moderation's contact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.declared.answers import Action, Card, Line, Recognised, contact_lines, facts_about
from core.declared.first_pages import first_page
from core.declared.rules import AskedQuestion, Mark, marks, unmarked
from directory.answers.rules import RULES
from directory.models import NetworkIndexPage
from directory.places import (
    LONGEST_NAME,
    KnownMember,
    KnownNetwork,
    KnownRegion,
    Table,
    Words,
    by_postal_code,
    gazetteer,
    misspelt,
    table,
)

SHOWN_NETWORKS = 4
"""Networks named on one card; the finder shows the others."""

MOST_SCHOOLS = 6
"""Schools of one name; more say that the question names a kind of school."""

_EXPLAINING = frozenset({"contact", "consultation", "network", "number", "postal code"})
"""What makes it likely that a place is meant as one, though another word stays unexplained."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question names: one of these. `typed` is its name, `meant` the one that a misspelt word stands for."""

    number: int | None = None
    code: str = ""
    name: Words = ()
    region: str = ""
    members: tuple[KnownMember, ...] = ()
    typed: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """Answers with the network that is responsible, or with those of a region."""

    name: str = "network"
    rank: int = 20

    def recognise(self, question: AskedQuestion) -> Recognised | None:
        """Return what the question names, if it names nothing else."""
        found = marks(question, RULES)
        means = {mark.means for mark in found}
        wanted, explaining = _wanted(question, found)
        if wanted is None:
            return Recognised(Wanted()) if "network" in means and not unmarked(question, found) else None
        left = len(unmarked(question, [*found, *explaining]))
        if left > (1 if _EXPLAINING & means else 0):
            return None
        if wanted.name and _is_no_place_alone(question, wanted) and not _EXPLAINING & means:
            return None
        return Recognised(wanted, left)

    def card(self, question: AskedQuestion, value: Any) -> Card | None:
        """Return the card of one network, of several, or of a region whose networks are not known to lie there."""
        known = table(question.now)
        wanted: Wanted = value
        meant = _resolved(wanted, known)
        networks = [network for network in meant.networks if network.locale == question.locale]
        note = meant.note
        if wanted.meant:
            note = " ".join(filter(None, (_("Verstanden als „%(name)s“.") % {"name": wanted.meant}, note)))
        if len(networks) == 1:
            heading = _("Kooperationsverbund in der Nähe") if meant.is_near else _("Ihr Kooperationsverbund")
            return _card_of(networks[0], question, heading, note)
        if wanted == Wanted():
            return _finder_card(question)
        return _card_of_several(networks, meant.region, wanted, question, note) if networks or meant.region else None


def _wanted(question: AskedQuestion, found: Sequence[Mark]) -> tuple[Wanted | None, list[Mark]]:
    """Return what is wanted, and marks for the words that name it."""
    for mark in found:
        groups = mark.groups or {}
        if mark.means == "number":
            return Wanted(number=int(groups["number"]), typed=f"KoopV {groups['number']}"), []
    for mark in found:
        groups = mark.groups or {}
        if mark.means == "postal code" and _is_of_saxony(groups["code"], question):
            return Wanted(code=groups["code"], typed=groups["code"]), list(_places(question, found))
    school = _school(question, found)
    if school is not None:
        return school
    places = sorted(_places(question, found), key=lambda mark: len(mark.places), reverse=True)
    regions = [mark for mark in found if mark.means == "region"]
    if regions:
        return Wanted(region=regions[0].value, typed=_text(question, regions[0])), places
    if places:
        return Wanted(name=places[0].value, typed=_shown(places[0].value, _text(question, places[0]))), places
    return _misspelt(question, found)


def _is_of_saxony(code: str, question: AskedQuestion) -> bool:
    if code in by_postal_code():
        return True
    return any(member.postal_code == code for member in table(question.now).members)


def _places(question: AskedQuestion, found: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the names of places and networks among the words that no pattern has taken, longest first at each word."""
    known = table(question.now)
    taken = {place for mark in found if mark.means in {"number", "postal code", "contact"} for place in mark.places}
    first = 0
    while first < len(question.words):
        for last in range(min(first + LONGEST_NAME, len(question.words)), first, -1):
            words = tuple(word.plain for word in question.words[first:last])
            if taken.isdisjoint(range(first, last)) and (
                words in known.names or words in gazetteer() or words in known.member_places
            ):
                yield Mark("place", first, last, words)
                first = last - 1
                break
        first += 1


def _misspelt(question: AskedQuestion, found: Sequence[Mark]) -> tuple[Wanted | None, list[Mark]]:
    """Return the place that an unknown word was meant to be, if nothing else is unexplained."""
    left = unmarked(question, found)
    if len(left) != 1 or left[0].is_known:
        return None, []
    known = table(question.now)
    name = misspelt(left[0].plain, known)
    if name is None:
        return None, []
    first = question.words.index(left[0])
    shown = _shown((name,), name.capitalize())
    return Wanted(name=(name,), typed=shown, meant=shown), [Mark("place", first, first + 1)]


def _school(question: AskedQuestion, found: Sequence[Mark]) -> tuple[Wanted, list[Mark]] | None:
    """Return the few members that all words name which no rule explains, beside the word for a school or a contact."""
    if not {mark.means for mark in found} & {"school", "contact"}:
        return None
    named = {place for mark in found if mark.means == "school" and mark.value != "any" for place in mark.places}
    explained = {place for mark in found for place in mark.places} - named
    words = [
        (place, word)
        for place, word in enumerate(question.words)
        if place in named or (place not in explained and not word.is_filler)
    ]
    if not any(place not in named for place, _word in words):
        return None
    known = table(question.now)
    matching = [
        member for member in known.members if all(f" {word.plain}" in f" {member.words} " for _place, word in words)
    ]
    distinctive = [word for place, word in words if place not in named and (word.plain,) not in gazetteer()]
    if not 0 < len(matching) <= MOST_SCHOOLS or not distinctive:
        return None
    wanted = Wanted(members=tuple(matching), typed=matching[0].name)
    return wanted, [Mark("school", place, place + 1) for place, _word in words]


def _is_no_place_alone(question: AskedQuestion, wanted: Wanted) -> bool:
    rules = [rule for rule in RULES if rule.means == "no place alone"]
    return any(wanted.name == phrase for rule in rules for phrase in rule.words)


def _shown(name: Words, typed: str) -> str:
    """Return how a place is written, else as typed."""
    return next((place.name for place in gazetteer().get(name, ())), typed)


def _text(question: AskedQuestion, mark: Mark) -> str:
    return question.text[question.words[mark.first].start : question.words[mark.last - 1].end]


# Resolving -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Meant:
    """The networks that are meant, else a region; `note` says why, `is_near` that they are only the nearest."""

    networks: list[KnownNetwork]
    region: KnownRegion | None = None
    note: str = ""
    is_near: bool = False


def _resolved(wanted: Wanted, known: Table) -> _Meant:
    if wanted.number is not None:
        return _Meant([one for one in known.networks.values() if one.number == wanted.number])
    if wanted.members:
        places = ", ".join(dict.fromkeys(member.place for member in wanted.members))
        note = _("%(name)s (%(places)s) gehört dazu.") % {"name": wanted.typed, "places": places}
        return _Meant(_networks(wanted.members, known), note=note)
    if wanted.region:
        return _Meant(known.of_region(wanted.region), known.regions.get(wanted.region))
    if wanted.code:
        return _at_code(wanted.code, known)
    networks = known.at(wanted.name)
    return _Meant(networks) if networks else _near(wanted.name, known, wanted.typed)


def _at_code(code: str, known: Table) -> _Meant:
    """Return the networks at a postal code: of its members, of its municipality, else of its neighbours."""
    members, is_exact = known.by_postal_code(code)
    if is_exact:
        return _Meant(_networks(members, known))
    places = by_postal_code().get(code, ())
    of_municipality = [known.at(_own_name(place.name)) for place in places if place.is_municipality]
    single = next((networks for networks in of_municipality if len(networks) == 1), [])
    if single or not places:
        return _Meant(single)
    if members and any(len(networks) > 1 for networks in of_municipality):
        return _nearest(code, _networks(members, known), known.regions.get(places[0].region))
    return _near(_own_name(places[0].name), known, f"{code} {places[0].name}")


def _nearest(place: str, networks: list[KnownNetwork], region: KnownRegion | None) -> _Meant:
    return _Meant(networks, region, _nearest_note(place, len(networks)), is_near=True)


def _nearest_note(place: str, count: int) -> str:
    return ngettext(
        "Zu „%(place)s“ ist niemand eingetragen; am nächsten liegt dieser Verbund.",
        "Zu „%(place)s“ ist niemand eingetragen; am nächsten liegen diese Verbünde.",
        count,
    ) % {"place": place}


def _own_name(name: str) -> Words:
    return next(words for words, places in gazetteer().items() if any(place.name == name for place in places))


def _near(name: Words, known: Table, typed: str) -> _Meant:
    """Return the networks of the nearest members in a place's region, else all of the region."""
    for place in gazetteer().get(name, ()):
        region = known.regions.get(place.region)
        if networks := _networks(known.nearest_to(place), known):
            return _nearest(typed, networks, region)
        if region:
            return _Meant(known.of_region(place.region), region)
    return _Meant([])


def _networks(members: Sequence[KnownMember], known: Table) -> list[KnownNetwork]:
    keys = {member.network_id for member in members} & known.networks.keys()
    return sorted((known.networks[key] for key in keys), key=lambda network: network.number)


# Cards ---------------------------------------------------------------------------------------


def _card_of(network: KnownNetwork, question: AskedQuestion, heading: str, note: str) -> Card:
    ways = contact_lines(network.phone, network.mailbox, _("Telefon"), _("E-Mail"))
    return Card(
        "network",
        heading,
        network.title,
        Action(_("Zum Verbund"), network.url),
        network.url,
        ": ".join(filter(None, (network.region.name, network.area))),
        (Line(_("Wer"), network.role), *ways, *facts_about(network.id, question.now)),
        note,
        "type-network",
    )


def _card_of_several(
    networks: Sequence[KnownNetwork], region: KnownRegion | None, wanted: Wanted, question: AskedQuestion, note: str
) -> Card | None:
    region = region or _common_region(networks)
    finder = first_page(NetworkIndexPage, question.now)
    lines = [Line("", network.title, network.url) for network in networks[:SHOWN_NETWORKS]]
    if region and region.office:
        office = region.office
        ways = contact_lines(office.phone, office.mailbox, office.role, office.role)
        lines += ways
    if finder is None or not lines:
        return None
    count = len(networks)
    title = ngettext("%(count)s Kooperationsverbund", "%(count)s Kooperationsverbünde", count) % {"count": count}
    action = _("Alle %(count)s ansehen") % {"count": count} if count > SHOWN_NETWORKS else _("Im Verzeichnis ansehen")
    place = region.name if wanted.region and region else wanted.meant or wanted.typed
    return Card(
        "network",
        _("Kooperationsverbünde: %(place)s") % {"place": place},
        title if networks else (region.name if region else ""),
        Action(action, f"{finder.url}?{urlencode({'ort': place})}"),
        "",
        region.name if region and region.name != place else "",
        tuple(lines),
        note,
        "type-network",
    )


def _common_region(networks: Sequence[KnownNetwork]) -> KnownRegion | None:
    regions = {network.region.slug: network.region for network in networks}
    return next(iter(regions.values())) if len(regions) == 1 else None


def _finder_card(question: AskedQuestion) -> Card | None:
    finder = first_page(NetworkIndexPage, question.now)
    if finder is None:
        return None
    return Card(
        "network",
        _("Kooperationsverbünde"),
        _("Welcher Verbund ist meiner?"),
        Action(_("Verbund finden"), finder.url),
        finder.url,
        _("Sie finden ihn über den Ort, die Postleitzahl oder den Namen der Schule."),
        icon="type-network",
    )
