"""A library that harvesters know, and a clock that stands until a test moves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from library.models import BookPage, CaseStudyPage, CollectionPage, LibraryIndexPage, LibraryPage
from tests.exchange.harvest import HOUR, NOON, settle_rows
from tests.published import add_page, library_of_site
from tests.shared import shared_database


@pytest.fixture
def clock() -> Any:
    """A clock that stands at noon and that tests set."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def add_entries(library: LibraryIndexPage, clock: Any) -> dict[str, LibraryPage]:
    """Add one entry of each type, an hour apart."""
    made: dict[str, LibraryPage] = {}
    for number, (slug, model, focus) in enumerate(
        (
            ("lesetandem", None, ["lernen"]),
            ("buch", BookPage, ["sehen"]),
            ("fall", CaseStudyPage, ["lernen-sprache-emotionale-soziale-entwicklung"]),
            ("sammlung", CollectionPage, ["uebergreifend"]),
        )
    ):
        clock.move_to(NOON + number * HOUR)
        more = {"model": model} if model else {}
        made[slug] = add_page(library, slug, focus=focus, publish=model is not CaseStudyPage, **more)
        if model is CaseStudyPage:
            LibraryPage.objects.filter(pk=made[slug].pk).update(live=True, last_published_at=timezone.now())
        settle_rows()
    return made


@pytest.fixture(scope="class")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """The numbers of the entries, which the tests of a class share."""

    def fill() -> dict[str, int]:
        with time_machine.travel(NOON, tick=False) as clock:
            library = library_of_site()
            return {slug: page.pk for slug, page in add_entries(library, clock).items()}

    with shared_database(django_db_blocker, fill) as numbers:
        yield numbers


@pytest.fixture
def entries(made: dict[str, int], library_index: LibraryIndexPage, clock: Any) -> dict[str, LibraryPage]:
    """One entry of each type, made an hour apart, as they were when the last of them was made."""
    clock.move_to(NOON + (len(made) - 1) * HOUR)
    return {slug: LibraryPage.objects.get(pk=pk).specific for slug, pk in made.items()}
