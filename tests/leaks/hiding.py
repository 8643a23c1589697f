"""Pages and files of which each will be hidden in its own way, and pages that mention every one of them everywhere."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, get_page_models

from core.mentions import kind_of, rows_of
from core.models import may_name_people
from events.models import EventSeriesPage
from home.models import HomePage
from people.models import Consent, ConsentPage
from tests.leaks.definitions import Place, Words, example, linking, places, row_models, word
from tests.published import add_document, add_image
from vocabularies.models import Concept

UNUSED = "used by nothing"
PUBLIC, DRAFT, SCHEDULED, ENDED = "public", "draft", "scheduled", "ended by the clock"
NEVER_SHOWN = {DRAFT, SCHEDULED}
FIRST_KEY = 7_700_000
"""Keys of what is hidden begin here: in an answer such a number is nothing else."""

_HOUR = datetime.timedelta(hours=1)


def _restricted(kind: str) -> Callable[[Any], None]:
    return lambda page: PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x") and None


def _branch(page: Any) -> None:
    _restricted("password")(page.get_parent())


def _nothing(thing: Any) -> None:
    """Leave it: it was hidden from the beginning, or the clock will hide it."""


def _in_collection(kind: str, *, below: bool = False) -> Callable[[Any], None]:
    def hide(file: Any) -> None:
        collection = Collection.get_first_root_node().add_child(name=f"{kind} {file.pk}")
        CollectionViewRestriction.objects.create(collection=collection, restriction_type=kind, password="x")
        file.collection = collection.add_child(name="Innen") if below else collection
        file.save()

    return hide


PAGE_STATES: dict[str, Callable[[Any], None]] = {
    PUBLIC: _nothing,
    DRAFT: _nothing,
    SCHEDULED: _nothing,
    ENDED: _nothing,
    "password": _restricted("password"),
    "login": _restricted("login"),
    "groups": _restricted("groups"),
    "password on the parent": _branch,
    "unpublished": lambda page: page.unpublish(),
    "deleted": lambda page: page.delete() and None,
}
FILE_STATES: dict[str, Callable[[Any], None]] = {
    PUBLIC: _nothing,
    "collection with a login": _in_collection("login"),
    "collection with a password": _in_collection("password"),
    "below a private collection": _in_collection("groups", below=True),
    UNUSED: _nothing,
}
ALONE = (DRAFT, ENDED, "password", "unpublished")
"""States in which a page of every type is there, mentioned or not."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is mentioned: its words stand in title, texts, address and file name."""

    state: str
    thing: Any
    words: frozenset[str]
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One mention of one target."""

    place: Place
    state: str
    carrier: Any
    words: Words


@dataclass
class Built:
    """The whole site of a test."""

    targets: dict[tuple[type[models.Model], str, str], Target] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)

    def mentioned(self, place: Place, state: str) -> Target:
        """Return the target that such a place mentions in a state."""
        return self.target(TYPES.get(place.field, place.target), state, ENDINGS.get(place.field, ""))

    def target(self, model: type[models.Model], state: str, ending: str = "") -> Target:
        """Return the target of a kind in a state, made when it is first asked for; of files by their ending."""
        model = _concrete(model)
        key = model, state, ending
        if key not in self.targets:
            self.targets[key] = _add_target(*key)
        return self.targets[key]

    def hidden(self, *, ended: bool) -> dict[str, str]:
        """Return every word that must not be met, with what it belongs to."""
        open_ = {PUBLIC} if ended else {PUBLIC, ENDED}
        of_targets = {
            one: f"{model.__name__}, {target.state}"
            for (model, *_), target in self.targets.items()
            if target.state not in open_
            for one in target.words
        }
        bound = {
            one: f"{way.place}, {way.state}" for way in self.ways if way.state not in open_ for one in way.words.bound
        }
        return {**of_targets, **bound}


def mentioned_states(model: type[models.Model]) -> list[str]:
    """Return the states in which targets of a kind are mentioned."""
    return [state for state in states_of(model) if state != UNUSED]


def states_of(model: type[models.Model]) -> dict[str, Callable[[Any], None]]:
    """Return the states of a kind of target, and how it gets into each."""
    return PAGE_STATES if issubclass(model, Page) else FILE_STATES


def build() -> Built:
    """Mention everything everywhere while it is public, as far as its state allows that."""
    built = Built()
    _count_from(FIRST_KEY)
    all_places = places()
    for place in all_places:
        for state in states_of(place.target):
            built.mentioned(place, state)
    for model in get_page_models():
        if getattr(model, "search_type", None) and model.is_creatable and not model.top_level:
            for state in ALONE:
                built.target(model, state)
    _count_from(2 * FIRST_KEY)
    for carrier in dict.fromkeys(place.carrier for place in all_places):
        _add_carriers(built, carrier, [place for place in all_places if place.carrier is carrier])
    return built


def hide(built: Built) -> None:
    """Bring every target into its state, as editors do."""
    for (model, state, _), target in built.targets.items():
        states_of(model)[state](model._default_manager.get(pk=target.thing.pk))


# Making -----------------------------------------------------------------------------------------


def _concrete(model: type[models.Model]) -> type[models.Model]:
    """Return the type of which targets are made: the first that may be created."""
    if not issubclass(model, Page):
        return model
    types = [one for one in get_page_models() if issubclass(one, model) and one.is_creatable]
    return next(one for one in types if getattr(one, "search_type", None) and not getattr(one, "top_level", False))


def _count_from(key: int) -> None:
    """Give the pages and files that are added next keys from here on."""
    for model in (Page, get_image_model(), get_document_model()):
        with connection.cursor() as cursor:
            table = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, key])
                continue
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, key])


ENDINGS = {"recording": "wav", "captions": "vtt"}
"""Of files in places that take one kind of file alone."""


TYPES = {"exhibition": EventSeriesPage}
"""Of pages in places that take one type of page alone, though their field would take any."""


def _add_target(model: type[models.Model], state: str, ending: str) -> Target:
    name = word(model._meta.label, state + ending)
    if not issubclass(model, Page):
        add = add_image if issubclass(model, get_image_model()) else add_document
        file = add(f"Titel {name}", f"{name}.{ending or ('png' if add is add_image else 'pdf')}")
        copy = file.get_rendition("max-100x100|format-webp") if add is add_image else file
        return Target(state, file, frozenset({name}), (copy.url,))
    words = Words(("target", model._meta.label, state))
    values: dict[str, Any] = {"title": f"Titel {name}", "slug": name}
    if state in {ENDED}:
        values["expire_at"] = timezone.now() + _HOUR
    if state == SCHEDULED:
        values["go_live_at"] = timezone.now() + 30 * _HOUR
    parent = _parent(model, anew=state == "password on the parent")
    page = _add_page(model, parent, words, live=state not in NEVER_SHOWN, **values)
    for rows in row_models(model):
        if any(isinstance(one, models.DateTimeField) for one in rows._meta.concrete_fields):
            # Dates stand in lists, feeds and calendars of their own.
            row = rows()
            _fill(row, words, skip=set())
            _relation(page, rows).add(row)
            page.save()
    return Target(state, page, frozenset({name, *words.bound}), (page.get_url() or "",))


def _parent(model: type[Page], *, anew: bool = False) -> Page:
    """Return a page below which pages of this type live."""
    # Of those below the root only a site's own home page is reached; below that one, any is.
    parents = [one for one in model.clean_parent_page_models() if hasattr(one, "search_type")] or [HomePage]
    entrance = next((one for one in parents if one.is_entrance), None)
    kind = next((one for one in parents if not one.is_entrance), entrance) if anew else (entrance or parents[0])
    known = kind.objects.order_by("path").first()
    if known is not None and not anew:
        return known
    return _add_page(
        kind,
        HomePage.objects.get(locale__language_code="de"),
        Words(("parent", model.__name__, anew)),
        slug=f"ort-{model.__name__.lower()}-{anew}".lower(),
    )


def _add_page(model: Any, parent: Page, words: Words, live: bool = True, **values: Any) -> Any:
    # Somebody on a page has to consent before it is shown, which needs the page.
    names_people = may_name_people(model)
    page = model(**{"title": model.__name__, **values}, live=live and not names_people)
    _fill(page, words, skip=set(values) | {"title", "slug", "draft_title", "url_path"})
    if live:
        page.first_published_at = page.last_published_at = timezone.now()
    parent.specific.add_child(instance=page)
    if live and names_people:
        for name in page.named_people():
            consent = Consent.objects.create(chosen_name=name, given_on=timezone.localdate(), proof_place="Ordner")
            ConsentPage.objects.create(consent=consent, page=page)
        page.live = True
        page.save()
    return model._default_manager.get(pk=page.pk)


FIXED = {
    "mailbox": "koopv-1@example.org", "phone": "030 23125 100", "postal_code": "04109", "review_date": None,
    "number": None, "isbn": "", "year": 2024, "url": "", "license_uri": "", "registration_url": "", "online_url": "",
    "registration_email": "", "contact_email": "",
}  # fmt: skip
"""Values for fields that refuse a word."""

_numbers = iter(range(900, 10_000))


def _fill(instance: Any, words: Words, skip: set[str]) -> None:
    """Put a word into every text of an instance, and into all else whatever it accepts."""
    moment = timezone.now() - datetime.timedelta(days=2)
    for one in instance._meta.concrete_fields:
        if one.name in skip or one.model is Page or one.primary_key or (not one.editable and one.has_default()):
            continue
        if one.name in FIXED:
            setattr(instance, one.name, next(_numbers) if one.name == "number" else FIXED[one.name])
        elif one.is_relation:
            if not one.blank and not kind_of(one.related_model) and getattr(instance, one.attname) is None:
                setattr(instance, one.name, one.related_model._default_manager.first())
        elif one.choices:
            if not one.has_default():
                setattr(instance, one.name, one.choices[0][0])
        elif isinstance(one, models.DateTimeField):
            if not one.null:
                moment += _HOUR
                setattr(instance, one.name, moment)
        elif isinstance(one, models.DateField) and not one.null:
            setattr(instance, one.name, timezone.localdate())
        elif type(one) in (models.CharField, models.TextField) and one.editable and not (one.unique or one.null):
            setattr(instance, one.name, words.new())
    if isinstance(instance, Page):
        for one in instance._meta.many_to_many:
            if issubclass(one.related_model, Concept) and (
                first := Concept.objects.filter(vocabulary__slug=one.name).first()
            ):
                setattr(instance, one.name, [first])


# Mentioning -------------------------------------------------------------------------------------


def _add_carriers(built: Built, carrier: Any, wanted: list[Place]) -> None:
    if not issubclass(carrier, Page):
        for place in wanted:
            _mention_in_record(built, carrier, place)
        return
    single = [place for place in wanted if place.owner is carrier and _field(place).many_to_one]
    for place in single:
        for state in mentioned_states(place.target):
            words = Words((str(place), state))
            target = built.mentioned(place, state)
            own = {place.field: target.thing}
            # A text that belongs to the picture is bound to it; the page's other texts are not.
            texts = {f"{place.field}_alt": words.new()} if _has(carrier, f"{place.field}_alt") else {}
            page = _add_page(carrier, _parent(carrier), Words((str(place), state, "own")), **own, **texts)
            built.ways.append(Way(place, state, page, words))
    page = (
        carrier.objects.order_by("pk").first()
        if getattr(carrier, "top_level", False) or getattr(carrier, "is_entrance", False)
        else None
    )
    if page is None:
        page = _add_page(
            carrier, _parent(carrier), Words((carrier.__name__, "own")), slug=f"traeger-{carrier.__name__.lower()}"
        )
    for place in wanted:
        if place not in single:
            _mention_on_page(built, page, place)
    page.save()
    page.save_revision().publish()


def _mention_on_page(built: Built, page: Any, place: Place) -> None:
    """Let a page mention the target in each state."""
    one, streamed = _field(place), []
    for state in mentioned_states(place.target):
        target, words = built.mentioned(place, state), Words((str(place), state))
        if place.steps or place.link:
            streamed.append(_mentioned(one, place, target.thing.pk, words))
        elif place.owner is type(page):
            getattr(page, place.field).add(target.thing)
        else:
            row = place.owner(**{place.field: target.thing})
            _fill(row, words, skip={place.field})
            _relation(page, place.owner).add(row)
        built.ways.append(Way(place, state, page, words))
    if not streamed:
        return
    holder = page
    if place.owner is not type(page):
        # One row holds what all blocks of its body mention.
        rows = _relation(page, place.owner)
        holder = next(iter(rows.all()), None) or place.owner()
        if holder.pk is None and holder not in list(rows.all()):
            _fill(holder, Words((place.carrier.__name__, place.owner.__name__)), skip={place.field})
            rows.add(holder)
    if place.steps:
        known = list(getattr(holder, place.field).raw_data)
        setattr(holder, place.field, one.to_python([*known, *streamed]))
    else:
        setattr(holder, place.field, getattr(holder, place.field) + "".join(streamed))


def _mentioned(one: Any, place: Place, key: int, words: Words) -> Any:
    if not place.steps:
        return linking(place.link, key, words)
    block = one.stream_block.child_blocks[place.steps[0]]
    return {"type": place.steps[0], "value": example(block, place, place.steps[1:], key, words)}


def _mention_in_record(built: Built, model: Any, place: Place) -> None:
    """Add a record for the target in each state; running text goes into all records there are."""
    texts = []
    for state in mentioned_states(place.target):
        target, words = built.mentioned(place, state), Words((str(place), state))
        if place.link:
            texts.append(linking(place.link, target.thing.pk, words))
        else:
            record = model(**{place.field: target.thing})
            _fill(record, words, skip={place.field})
            record.save()
        built.ways.append(Way(place, state, None, words))
    if texts:
        model._default_manager.update(**{place.field: Concat(place.field, Value("".join(texts)))})


def _field(place: Place) -> Any:
    return place.owner._meta.get_field(place.field)


def _has(model: Any, name: str) -> bool:
    return any(one.name == name for one in model._meta.get_fields())


def _relation(page: Any, rows: type[models.Model]) -> Any:
    relation = next(one for one in type(page)._meta.get_fields() if one.one_to_many and rows_of(one) is rows)
    return getattr(page, relation.get_accessor_name())


def publish_due() -> None:
    """Do what the worker does every minute."""
    call_command("publish_scheduled", verbosity=0)
