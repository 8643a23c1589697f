"""People in case studies, their consents, and a list of deletions of the test's own."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core.declared.people.consent import Scope
from home.setup import add_published
from library.models import CaseStudyPage, CaseStudyPerson
from people.models import Consent, ConsentPage, PortraitIndexPage, PortraitPage
from tests.published import add_page

NAME = "Jona Kanarienfels"


@pytest.fixture(autouse=True)
def deletions(settings: Any, tmp_path: Path) -> Path:
    """The file of deletions, not there yet."""
    settings.DELETIONS_FILE = tmp_path / "deletions.jsonl"
    file: Path = settings.DELETIONS_FILE
    return file


def consent_to(page: Any, name: str = NAME, **values: Any) -> Consent:
    """Record a consent to a page."""
    given = {"given_on": datetime.date(2026, 1, 7), "proof_place": "Ordner 1", **values}
    consent = Consent.objects.create(chosen_name=name, **given)
    ConsentPage.objects.create(consent=consent, page_id=page.pk)
    return consent


def case_study(parent: Any, slug: str = "jona-kanarienfels", names: tuple[str, ...] = (NAME,), **values: Any) -> Any:
    """Add a draft that names people."""
    people = [CaseStudyPerson(chosen_name=name) for name in names]
    return add_page(parent, slug, CaseStudyPage, publish=False, people=people, **values)


def in_days(days: int) -> datetime.date:
    """Return a day from today."""
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def shown(library_index: Any) -> tuple[Any, Consent]:
    """A published page that names somebody, and the consent."""
    page = case_study(library_index)
    consent = consent_to(page)
    page.get_latest_revision().publish()
    page.refresh_from_db()
    assert page.live
    return page, consent


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime.timedelta], None]:
    """Put the clock of the whole program forward."""

    def move(by: datetime.timedelta) -> None:
        now = timezone.now() + by
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    return move


@pytest.fixture
def campaign(library: Any) -> Any:
    """A published campaign page without portraits, and an index of its own."""
    page = PortraitIndexPage(title="Gesichter nebenan", slug="gesichter")
    add_published(library.get_parent().specific, page)
    return page


def portrait(campaign: Any, slug: str, name: str = NAME, scopes: Iterable[Scope] = (), **values: Any) -> Any:
    """Add a published portrait with the consents of everybody on it; `topics` are names."""
    topics = values.pop("topics", [])
    until = values.pop("valid_until", None)
    page = PortraitPage(slug=slug, chosen_name=name, live=False, **{"title": slug, "summary": "Erzählt.", **values})
    campaign.add_child(instance=page)
    page.topics.set(topics)
    for one in page.named_people():
        consent_to(page, one, valid_until=until, **{scope.value: True for scope in scopes})
    page.save_revision().publish()
    page.refresh_from_db()
    return page
